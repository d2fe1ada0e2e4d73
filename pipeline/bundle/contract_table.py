"""A table of module.toml, read key by key: what is wrong is said with the key and an example."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.errors import BundleError

Fits = Callable[[Any], bool]
ABSENT: Any = object()
EXAMPLES = {
    "name": 'name = "tumour"',
    "title": 'title = "Tumour detection"',
    "summary": 'summary = "Brain tumours, and the size and place of each lesion."',
    "needs": "[needs]",
    "level": 'level = "case"',
    "roles": 'roles = ["T1", "T1c", "FLAIR"]',
    "at_least": 'at_least = ["T1c", "FLAIR"]',
    "take": 'take = "all"',
    "spacing_mm": "spacing_mm = [1.0, 1.0, 1.0]",
    "shape": "shape = [96, 96, 96]",
    "upstream": 'upstream = ["tissue"]',
    "mask": 'mask = "tissue"',
    "margin_mm": "margin_mm = 4.0",
    "segments": "[[segments]]",
    "number": "number = 1",
    "category": 'category = ["123037004", "SCT", "Body structure"]',
    "type": 'type = ["12738006", "SCT", "Brain"]',
    "colour": "colour = [240, 200, 80]",
    "metrics": "[metrics]",
}


@dataclass(frozen=True)
class Table:
    """A table's entries; `where` says which table, such as `` in [needs]``, empty at the top.

    Every reader raises BundleError where the key is missing or its value is not what it asks for; a
    `default` is what a missing key means.
    """

    entries: Mapping[str, Any]
    where: str = ""

    def read(self, key: str, fits: Fits, wanted: str, default: Any = ABSENT) -> Any:
        """The value of a key, if it fits."""
        value = self.entries.get(key, default)
        if value is ABSENT:
            raise self.wrong(key, "is missing")
        if key in self.entries and not fits(value):
            raise self.wrong(key, f"is not {wanted}")
        return value

    def text(self, key: str, default: str = ABSENT) -> str:
        """Text, such as a name."""
        found: str = self.read(key, is_text, "text in quotes", default)
        return found

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of a few words."""
        found: str = self.read(key, one_of(allowed), " or ".join(allowed))
        return found

    def table(self, key: str, default: Mapping[str, Any] = ABSENT) -> Table:
        """A table within this one."""
        found = self.read(key, lambda value: isinstance(value, Mapping), "a table", default)
        return Table(found, f" in [{key}]")

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables, none where the key is missing."""
        found = self.read(key, listed(lambda v: isinstance(v, Mapping)), "a list of tables", ())
        return tuple(Table(entry, f" in [[{key}]] no. {n}") for n, entry in enumerate(found, 1))

    def require_known(self, keys: Collection[str]) -> None:
        """Raise BundleError where the table has another key than these."""
        for key in self.entries:
            if key not in keys:
                raise self.wrong(key, "is not known", f"Write one of these: {', '.join(keys)}.")

    def wrong(self, key: str, said: str, remedy: str = "") -> BundleError:
        """An error that names the key; the remedy is an example where there is no better one."""
        return BundleError(
            f"{key}{self.where} {said}.", remedy or f"Write it like: {EXAMPLES[key]}"
        )


def is_text(value: object) -> bool:
    """Whether a value is text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """Whether a value is a finite number; true and false are none."""
    return type(value) in (int, float) and math.isfinite(value)


def is_length(value: Any) -> bool:
    """Whether a value is a number above 0."""
    return is_number(value) and value > 0


def is_margin(value: Any) -> bool:
    """Whether a value is a number from 0."""
    return is_number(value) and value >= 0


def whole(least: int, most: float = math.inf) -> Fits:
    """Whether a value is a whole number within bounds."""
    return lambda value: type(value) is int and least <= value <= most


def one_of(allowed: Collection[str]) -> Fits:
    """Whether a value is one of the words."""
    return lambda value: is_text(value) and value in allowed


def listed(fits: Fits, counts: Collection[int] = ()) -> Fits:
    """Whether a value is a list, of so many entries where that is said, that all fit."""
    return lambda value: (
        isinstance(value, list | tuple)
        and (not counts or len(value) in counts)
        and all(fits(entry) for entry in value)
    )
