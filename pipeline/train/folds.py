"""The folds of a recipe: which cases each of them leaves out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.report.write import write_whole

RECORD = "fold.json"


def read_folds(bundle: Path) -> tuple[tuple[str, ...], ...]:
    """Names of the cases left out of each fold, from the recipe's configs/train.json.

    Raises
    ------
    UsageError
        There is no such file, or no folds in it.
    """
    try:
        settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
        return tuple(tuple(str(name) for name in fold) for fold in settings["folds"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{bundle.name} is not trained by folds.",
            'Give "folds" in its configs/train.json: lists of case names.',
        ) from error


def fold_of(bundle: Path, number: int) -> tuple[str, ...]:
    """Names of the cases that this fold leaves out, counted from 1.

    Raises
    ------
    UsageError
        There is none of this number, or none at all.
    """
    folds = read_folds(bundle)
    if not 1 <= number <= len(folds):
        raise UsageError(
            f"{bundle.name} has no fold {number}.",
            f"Name one from 1 to {len(folds)}; configs/train.json lists them.",
        )
    return folds[number - 1]


def record_fold(place: Path, recipe: str, left_out: Sequence[str]) -> None:
    """Write beside a fold's weights, in `place`, what they were trained by and kept from."""
    record = {"recipe": recipe, "left_out": list(left_out)}
    write_whole(place / RECORD, json.dumps(record, indent=2) + "\n")


def require_kept_from(place: Path, left_out: Sequence[str]) -> None:
    """See that the weights in `place` have not learnt from these cases; older ones do not say.

    Raises
    ------
    UsageError
        They were kept from other cases.
    """
    try:
        record = json.loads((place / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    if sorted(record["left_out"]) != sorted(left_out):
        raise UsageError(
            f"The weights in {place} were kept from {', '.join(record['left_out'])}; "
            f"configs/train.json leaves out {', '.join(left_out)}.",
            f"Remove {place} and train the fold again.",
        )
