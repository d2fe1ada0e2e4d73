"""fold.json beside a fold's weights: what they were trained by, for how long and kept from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.report.write import write_whole
from pipeline.train.identity import instructions
from pipeline.train.settings import steps_of
from pipeline.workspace import Workspace

RECORD = "fold.json"


@dataclass(frozen=True)
class Fold:
    """How a fold's weights came about; older records lack what has a default.

    Attributes
    ----------
    recipe : str
        Identity of the recipe.
    left_out : sequence of str
        Names of the cases that were not learnt from.
    steps : int or None
        For so many it was trained.
    instructions : str
        Digest of the module's code and configs/train.json then.
    """

    recipe: str
    left_out: Sequence[str]
    steps: int | None = None
    instructions: str = ""


def fold_place(workspace: Workspace, name: str, number: int | None) -> Path:
    """Where a fold's checkpoint, weights and record lie, or None's: what learns from all cases."""
    return workspace.root / ".training" / name / (f"fold-{number}" if number else "all")


def record_fold(place: Path, fold: Fold) -> None:
    """Write a fold's record beside its weights, in `place`."""
    write_whole(place / RECORD, json.dumps(asdict(fold), indent=2) + "\n")


def read_fold(place: Path) -> Fold | None:
    """Read the record of the weights in `place`; None where there is none.

    Raises
    ------
    UsageError
        It is not what `tessera train` writes.
    """
    try:
        found = json.loads((place / RECORD).read_text(encoding="utf-8"))
        return Fold(**found)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{place / RECORD} cannot be read: {type(error).__name__}.",
            f"Remove {place} and train the fold again.",
        ) from error


def doubt(place: Path, bundle: Path) -> str:
    """Why the weights in `place` may not show what the bundle's recipe gives; empty for no doubt.

    Raises
    ------
    UsageError
        The record or configs/train.json cannot be read.
    """
    fold, asked = read_fold(place), steps_of(bundle)
    if fold is None or fold.steps is None:
        return "does not say for how many steps it was trained"
    if asked is not None and fold.steps != asked:
        return f"was trained with steps = {fold.steps}, configs/train.json says {asked}"
    if fold.instructions and fold.instructions != instructions(bundle):
        return "was trained before the module's code or configs/train.json were changed"
    return ""
