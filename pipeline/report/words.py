"""How figures, digests and positions read on a page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.types import Point

ABSENT = "–"
MINUS = "−"
THIN_SPACE = "\u2009"
# Dimensionless figures whose names end so run from 0 to 1.
SHARES = ("fraction", "probability", "share")
UNITS = {"1": "", "mL": "ml", "Cel": "°C"}
DIRECTIONS = (("L", "R"), ("P", "A"), ("S", "I"))


def figure(value: float) -> str:
    """Write a figure with the digits it deserves: 1 234, 56.7, 0.20, 0.082; a dash for NaN."""
    if not math.isfinite(value):
        return ABSENT
    if abs(value) >= 1000:
        text = f"{value:,.0f}".replace(",", THIN_SPACE)
    elif abs(value) >= 1 or value == 0:
        text = f"{value:.1f}"
    else:
        text = f"{value:#.2g}"
    return text.replace("-", MINUS)


def share(value: float) -> str:
    """Write a probability or a share with two digits."""
    return f"{value:.2f}" if math.isfinite(value) else ABSENT


def measured(value: float, name: str, code: str) -> str:
    """Write a fraction or a probability with two digits, any other figure as it deserves."""
    return share(value) if code == "1" and name.endswith(SHARES) else figure(value)


def alike(values: Sequence[float | None], decimals: int | None = None) -> tuple[str, ...]:
    """Write figures of one kind with as many decimals each; the largest says how many."""
    finite = [abs(value) for value in values if value is not None and math.isfinite(value)]
    if decimals is None:
        decimals = _decimals(max(finite, default=0.0))
    return tuple(_fixed(math.nan if value is None else value, decimals) for value in values)


def _decimals(largest: float) -> int:
    bounds = (1000.0, 100.0, 0.1, 0.01)
    return sum(largest < bound for bound in bounds) if largest else 2


def _fixed(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return ABSENT
    # Zero is added so that what rounds to nothing has no sign.
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    return text.replace(",", THIN_SPACE).replace("-", MINUS)


def unit(code: str) -> str:
    """Write a UCUM unit as a reader expects it."""
    return UNITS.get(code, code)


def position(at_mm: Point) -> str:
    """Write an LPS position in mm: ``−34.2, 12.0, 45.1``."""
    return ", ".join(f"{value:.1f}".replace("-", MINUS) for value in at_mm)


def directions(at_mm: Point) -> str:
    """Write an LPS position in mm by the side it lies on: ``R 34, P 12, S 45``."""
    sides = zip(at_mm, DIRECTIONS, strict=True)
    return ", ".join(f"{names[value < 0]}{THIN_SPACE}{abs(value):.0f}" for value, names in sides)


def duration(seconds: float) -> str:
    """Write a time: ``0.4 s``, ``12 s``, ``3 min 5 s``, ``1 h 2 min``."""
    if not math.isfinite(seconds):
        return ABSENT
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def short(digest: str) -> str:
    """First twelve digits of a digest, without its ``sha256:``."""
    return digest.removeprefix("sha256:")[:12]
