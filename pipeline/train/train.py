"""`tessera train`: run a module's recipe and write the weights into its folder."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipeline.bundle.code import import_file
from pipeline.errors import UsageError
from pipeline.train.export import export
from pipeline.train.folds import require_fold
from pipeline.train.journal import Journal, subject_of
from pipeline.train.loop import fit, learning_rate
from pipeline.train.recipe import Recipe
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
        No such module, data or fold.
    """
    bundle = workspace.modules / name
    if not (bundle / "train.py").is_file():
        raise UsageError(f"{bundle} has no train.py.", "Name a module that can be trained.")
    if not data.is_dir():
        raise UsageError(f"{data} is no folder.", "Name the training data with --data.")
    recipe = _recipe(bundle, data, fold)
    if steps is not None:
        recipe = replace(recipe, schedule=replace(recipe.schedule, steps=steps))
    say(f"{name}: {len(recipe.cases)} cases, {recipe.schedule.steps} steps")
    home = workspace.root / ".training" / name
    place = home / (f"fold-{fold}" if fold else "all")
    journal = Journal(workspace, subject_of(name, bundle, recipe, fold), place)
    losses: list[float] = []

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if (step + 1) % EVERY == 0 or step + 1 == recipe.schedule.steps:
            mean = sum(losses) / len(losses)
            say(f"step {step + 1}/{recipe.schedule.steps}: loss {mean:.4f}")
            rate = learning_rate(step, recipe.schedule)
            journal.note(step + 1, {"loss": mean, "learning_rate": rate})
            losses.clear()

    network = fit(recipe, place / "checkpoint.pt", report, shared=home / "shared.pt")
    journal.close(bundle / "configs" / "train.json")
    target = place if fold else bundle / "models"
    return export(network, target / "model.safetensors")


def _recipe(bundle: Path, data: Path, fold: int | None) -> Recipe:
    """What modules/NAME/train.py says is to be learnt."""
    code = import_file(bundle, "train.py", bundle_digest(bundle).digest)
    if fold is not None:
        require_fold(bundle, fold)
        if "fold" not in inspect.signature(code.recipe).parameters:
            raise UsageError(
                f"{bundle.name} is not trained by folds.",
                'Let recipe() in its train.py take "fold".',
            )
    left_out = {} if fold is None else {"fold": fold}
    made: Recipe = code.recipe(bundle, data, **left_out)
    return made
