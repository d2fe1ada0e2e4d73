"""Values of a cohort file by their kind; one of another kind is named with its key."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

ALIKE = 0.8  # of two names, 0 to 1, from which on one is the other misspelt


def text(entry: Mapping[str, Any], key: str) -> str:
    """A string that is not empty; raises KeyError where the key is missing."""
    value = entry[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} takes a string in quotes, not {value!r}")
    return value


def texts(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of strings, none of them empty."""
    value = entry[key]
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValueError(f'{key} takes a list of names, such as ["a", "b"], not {value!r}')
    return tuple(value)


def numbers(entry: Mapping[str, Any], key: str) -> tuple[int, ...]:
    """A list of whole numbers; true and false are none, and neither is 1.0."""
    value = entry[key]
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise ValueError(f"{key} takes a list of whole numbers, such as [1, 2], not {value!r}")
    return tuple(value)


def flag(entry: Mapping[str, Any], key: str) -> bool:
    """True or false; false where the key is not there."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{key} takes true or false, without quotes, not {value!r}")
    return value


def length(entry: Mapping[str, Any], key: str, default: float) -> float:
    """A length in mm, 0 or above."""
    value = entry.get(key, default)
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not math.isfinite(value) or value < 0:
        raise ValueError(f"{key} takes a number of mm, 0 or above, not {value!r}")
    return float(value)


def require_some(key: str, values: tuple[object, ...]) -> None:
    """Raise ValueError where a list is empty: it would make a figure that means nothing."""
    if not values:
        raise ValueError(f"{key} is empty")


def require_spelt(key: str, known: set[str]) -> None:
    """Raise ValueError where an unknown key is nearly one that means something."""
    meant = get_close_matches(key.lower(), known, n=1, cutoff=ALIKE)
    # "study1" is a column of its own, "refrence" is not.
    if meant and key not in known and not key[-1:].isdigit():
        raise ValueError(f"{key} is no key of a case, but {meant[0]} is")
