"""`tessera train`: run a module's recipe and write the weights into its folder."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.bundle.code import import_file
from pipeline.errors import UsageError
from pipeline.train.checkpoint import Checkpoint
from pipeline.train.export import export
from pipeline.train.folds import fold_of, record_fold
from pipeline.train.identity import identity
from pipeline.train.journal import Journal, subject_of
from pipeline.train.loop import fit, learning_rate
from pipeline.train.recipe import Recipe
from pipeline.train.record import write_training
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.workspace import Workspace

EVERY = 50


def train(
    workspace: Workspace,
    name: str,
    data: Path,
    steps: int | None,
    say: Callable[[str], None],
    fold: int | None = None,
) -> Path:
    """Train one module in its working folder.

    The code that runs is modules/NAME/train.py as it lies there: training is the author's own act,
    registering the outcome is what asks for trust.

    Parameters
    ----------
    workspace : Workspace
        Whose modules/ holds the module; checkpoints go to .training/ beside it.
    name : str
        The module.
    data : pathlib.Path
        What train.py reads.
    steps : int or None
        Overrides the schedule, to try it out.
    say : callable
        Told a line every 50 steps.
    fold : int, optional
        Learn without this fold's cases, for cross-validation; the weights go to
        .training/NAME/fold-N, not into the module.

    Returns
    -------
    pathlib.Path
        The weights.

    Raises
    ------
    UsageError
        No such module, data or fold, or a checkpoint was begun with another recipe.
    """
    bundle = workspace.modules / name
    if not (bundle / "train.py").is_file():
        raise UsageError(f"{bundle} has no train.py.", "Name a module that can be trained.")
    if not data.is_dir():
        raise UsageError(f"{data} is no folder.", "Name the training data with --data.")
    left_out = fold_of(bundle, fold) if fold is not None else ()
    recipe, of_all = _recipes(bundle, data, fold)
    if steps is not None:
        recipe = replace(recipe, schedule=replace(recipe.schedule, steps=steps))
    say(f"{name}: {len(recipe.cases)} cases, {recipe.schedule.steps} steps")
    home = workspace.root / ".training" / name
    place = home / (f"fold-{fold}" if fold else "all")
    checkpoint = Checkpoint(place / "checkpoint.pt", identity(bundle, recipe, fold), place)
    # A try with fewer steps learns at other rates: it neither takes what folds share nor leaves it.
    common = home / "shared.pt"
    shared = Checkpoint(common, of_all, common) if steps is None else None
    if not checkpoint.begun() and shared:
        shared.begun()  # before the journal opens a run
    journal = Journal(workspace, subject_of(name, bundle, recipe, fold), place, checkpoint.recipe)
    losses: list[float] = []

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if (step + 1) % EVERY == 0 or step + 1 == recipe.schedule.steps:
            mean = sum(losses) / len(losses)
            say(f"step {step + 1}/{recipe.schedule.steps}: loss {mean:.4f}")
            rate = learning_rate(step, recipe.schedule)
            journal.note(step + 1, {"loss": mean, "learning_rate": rate})
            losses.clear()

    network = fit(recipe, checkpoint, report, shared=shared)
    journal.close(bundle / "configs" / "train.json")
    if fold is None:
        write_training(bundle, journal.record())
        return export(network, bundle / "models" / "model.safetensors")
    weights = export(network, place / "model.safetensors")
    record_fold(place, checkpoint.recipe, left_out)
    return weights


def _recipes(bundle: Path, data: Path, fold: int | None) -> tuple[Recipe, str]:
    """The recipe without the fold, and the identity of the one on all cases.

    Steps that all folds share belong to the latter, whichever fold took them.
    """
    code = import_file(bundle, "train.py", bundle_digest(bundle).digest)
    if fold is not None and "fold" not in inspect.signature(code.recipe).parameters:
        raise UsageError(
            f"{bundle.name} is not trained by folds.", 'Let recipe() in its train.py take "fold".'
        )
    whole: Recipe = code.recipe(bundle, data)
    of_all = identity(bundle, whole)
    return (whole if fold is None else code.recipe(bundle, data, fold=fold)), of_all
