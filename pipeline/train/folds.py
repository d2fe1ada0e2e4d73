"""The folds of a recipe: which cases each of them leaves out."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.errors import UsageError


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


def require_fold(bundle: Path, fold: int) -> None:
    """See that the recipe has this fold, from 1.

    Raises
    ------
    UsageError
        It has none of this number, or no folds at all.
    """
    there = len(read_folds(bundle))
    if not 1 <= fold <= there:
        raise UsageError(
            f"{bundle.name} has no fold {fold}.",
            f"Name one from 1 to {there}; configs/train.json lists them.",
        )
