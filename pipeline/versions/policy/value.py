"""One value of a policy file, checked; `where` names the file and the key in errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.errors import ConfigError

REMEDY = "Mend the file; docs/policy.md explains every key."


def number(value: object, where: str, low: float = -math.inf, high: float = math.inf) -> float:
    """Return a finite number from `low` to `high`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
        if math.isfinite(found) and low <= found <= high:
            return found
    raise ConfigError(f"{where} is {value!r}, not a number{_range(low, high)}.", REMEDY)


def whole(value: object, where: str, low: int = 0) -> int:
    """Return a whole number, at least `low`."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= low:
        return value
    raise ConfigError(f"{where} is {value!r}, not a whole number from {low}.", REMEDY)


def choice(value: object, where: str, choices: tuple[str, ...]) -> str:
    """Return one of the choices."""
    if isinstance(value, str) and value in choices:
        return value
    raise ConfigError(f"{where} is {value!r}, not {' or '.join(choices)}.", REMEDY)


def text(value: object, where: str) -> str:
    """Return text that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise ConfigError(f"{where} is {value!r}, not text in quotes.", REMEDY)


def table(value: object, where: str) -> Mapping[str, Any]:
    """Return a table."""
    if isinstance(value, dict):
        return value
    raise ConfigError(f"{where} is {value!r}, not a table.", REMEDY)


def tables(value: object, where: str) -> list[Mapping[str, Any]]:
    """Return a list of tables."""
    if isinstance(value, list):
        return [table(entry, where) for entry in value]
    raise ConfigError(f"{where} is a list of tables, [[{where.rpartition(' ')[2]}]].", REMEDY)


def _range(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f" from {low:g} to {high:g}"
    return f" from {low:g}" if math.isfinite(low) else ""
