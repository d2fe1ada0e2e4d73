"""A module's recipe as its train.py hands it over, and what it needs to be trained at all."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from pipeline.bundle.code import import_file
from pipeline.errors import BundleError, UsageError
from pipeline.train.authored import authored
from pipeline.train.identity import identity
from pipeline.train.recipe import Recipe
from pipeline.train.settings import settings_of
from pipeline.versions.bundles.digest import bundle_digest


def require_trainable(bundle: Path, data: Path) -> None:
    """See that there is a recipe, its configs/train.json and a folder of data.

    Raises
    ------
    UsageError
        One of them is missing.
    """
    if not (bundle / "train.py").is_file():
        raise UsageError(f"{bundle} has no train.py.", "Name a module that can be trained.")
    settings_of(bundle)
    if not data.is_dir():
        raise UsageError(f"{data} is no folder.", "Name the training data with --data.")


def recipes(bundle: Path, data: Path, fold: int | None, steps: int | None) -> tuple[Recipe, str]:
    """The recipe without the fold, and the identity of the one on all cases.

    Steps that all folds share belong to the latter, whichever fold took them.

    Parameters
    ----------
    bundle, data : pathlib.Path
        The module's folder, and what its train.py reads.
    fold : int or None
        What is left out.
    steps : int or None
        Overrides the schedule of the first.

    Raises
    ------
    UsageError
        The recipe takes no folds, there is no step to take, or a file of the data is missing.
    BundleError
        train.py cannot be imported, has no recipe(), or that stops.
    """
    code = _code(bundle)
    if fold is not None and "fold" not in inspect.signature(code.recipe).parameters:
        raise UsageError(
            f"{bundle.name} is not trained by folds.", 'Let recipe() in its train.py take "fold".'
        )
    with authored(str(bundle / "train.py")):
        whole: Recipe = code.recipe(bundle, data)
        of_all = identity(bundle, whole)
        recipe = whole if fold is None else code.recipe(bundle, data, fold=fold)
    return _of_length(bundle.name, recipe, steps), of_all


def _code(bundle: Path) -> ModuleType:
    path = bundle / "train.py"
    try:
        code = import_file(bundle, path.name, bundle_digest(bundle).digest)
    except BundleError as error:
        remedy = "Mend it where it lies; --debug shows the line."
        raise BundleError(error.message, remedy) from error
    if not callable(getattr(code, "recipe", None)):
        raise BundleError(
            f"{path} has no function recipe().",
            "Write recipe(bundle, data), which returns a pipeline.train.recipe.Recipe.",
        )
    return code


def _of_length(name: str, recipe: Recipe, steps: int | None) -> Recipe:
    steps = recipe.schedule.steps if steps is None else steps
    if steps < 1:  # untrained weights would take the place of the module's
        raise UsageError(
            f"{name} cannot be trained for {steps} steps.",
            "Ask for one at least, with --steps or in its configs/train.json.",
        )
    return replace(recipe, schedule=replace(recipe.schedule, steps=steps))
