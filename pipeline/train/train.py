"""`tessera train`: run a module's recipe and write the weights into its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch.nn import Module

from pipeline.train.checkpoint import Checkpoint
from pipeline.train.export import export
from pipeline.train.fold import Fold, fold_place, record_fold
from pipeline.train.folds import fold_of
from pipeline.train.identity import identity, instructions
from pipeline.train.journal import Journal, subject_of
from pipeline.train.loop import fit, learning_rate
from pipeline.train.recipes import recipes, require_trainable
from pipeline.train.record import withdraw, write_training
from pipeline.train.settings import steps_of
from pipeline.workspace import Workspace

EVERY = 50
WEIGHTS = "model.safetensors"


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
        No such module, data or fold, no step to take, no configs/train.json, or a checkpoint is
        damaged or was begun with another recipe.
    BundleError
        train.py stops, or the loss is not finite; the module's weights are as they were.
    OutputError
        The weights cannot be written.
    RegistryError
        MLflow does not answer as the training begins or ends.
    """
    bundle = workspace.modules / name
    require_trainable(bundle, data)
    left_out = fold_of(bundle, fold) if fold is not None else ()
    recipe, of_all = recipes(bundle, data, fold, steps)
    say(f"{name}: {len(recipe.cases)} cases, {recipe.schedule.steps} steps")
    place = fold_place(workspace, name, fold)
    checkpoint = Checkpoint(place / "checkpoint.pt", identity(bundle, recipe, fold), place)
    # A try with fewer steps learns at other rates: it neither takes what folds share nor leaves it.
    common = place.parent / "shared.pt"
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

    with journal.learning():
        network = fit(recipe, checkpoint, report, shared=shared)
        # Before the journal is closed: a checkpoint may be missing, and MLflow silent.
        weights = _release(bundle, network) if fold is None else export(network, place / WEIGHTS)
    journal.close(bundle / "configs" / "train.json")
    if steps not in (None, steps_of(bundle)):
        say(f"This was a try; remove {place} before training for another number of steps.")
    if fold is None:
        write_training(bundle, journal.record())
    else:
        trained = recipe.schedule.steps
        record_fold(place, Fold(checkpoint.recipe, left_out, trained, instructions(bundle)))
    return weights


def _release(bundle: Path, network: Module) -> Path:
    """Put the weights into the module, whose record comes after: a crash leaves none of others."""
    withdraw(bundle)
    return export(network, bundle / "models" / WEIGHTS)
