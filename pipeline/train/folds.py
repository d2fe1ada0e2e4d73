"""The folds of a recipe: which cases each of them leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.train.fold import read_fold
from pipeline.train.settings import settings_of


def read_folds(bundle: Path) -> tuple[tuple[str, ...], ...]:
    """Names of the cases left out of each fold, from the recipe's configs/train.json.

    Raises
    ------
    UsageError
        There is no such file, there are no folds in it, or a case stands there twice.
    """
    try:
        lists = settings_of(bundle)["folds"]
        if not all(isinstance(one, list) for one in (lists, *lists)):
            raise TypeError("a text would be taken letter by letter")
        folds = tuple(tuple(str(name) for name in fold) for fold in lists)
    except (UsageError, KeyError, TypeError) as error:
        raise UsageError(
            f"{bundle.name} is not trained by folds.",
            'Give "folds" in its configs/train.json: lists of case names.',
        ) from error
    _require_once(bundle, folds)
    return folds


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


def require_kept_from(place: Path, left_out: Sequence[str]) -> None:
    """See that the weights in `place` have not learnt from these cases; older ones do not say.

    Raises
    ------
    UsageError
        They were kept from other cases.
    """
    fold = read_fold(place)
    if fold is not None and sorted(fold.left_out) != sorted(left_out):
        raise UsageError(
            f"The weights in {place} were kept from {', '.join(fold.left_out)}; "
            f"configs/train.json leaves out {', '.join(left_out)}.",
            f"Remove {place} and train the fold again.",
        )


def _require_once(bundle: Path, folds: tuple[tuple[str, ...], ...]) -> None:
    """Twice in the folds would be judged twice, as if there were more patients."""
    counts = Counter(name for fold in folds for name in fold)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise UsageError(
            f"The folds of {bundle.name} name {', '.join(twice)} more than once.",
            "Let each case stand in one fold of its configs/train.json, once.",
        )
