"""How figures read in every table."""

from __future__ import annotations

import math

from pipeline.evaluation.scores import Interval
from pipeline.report.words import ABSENT, MINUS


def figure(value: float) -> str:
    """Three decimals below ten, one above; a dash for NaN."""
    if not math.isfinite(value):
        return ABSENT
    text = f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return text.replace("-", MINUS) if float(text) else text.removeprefix("-")


def signed(value: float) -> str:
    """As `figure`, with a plus for gains."""
    text = figure(value)
    return f"+{text}" if math.isfinite(value) and value > 0 and float(text) else text


def probability(value: float) -> str:
    """A p-value; small ones as a bound."""
    if not math.isfinite(value):
        return ABSENT
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def span(found: Interval) -> str:
    """The interval's bounds; a dash where too few cases leave them undefined."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return ABSENT
    return f"{signed(found.low)} to {signed(found.high)}"


def interval(found: Interval) -> tuple[str, str, str]:
    """Three cells: n, the mean and its bounds; a dash for bounds that are undefined."""
    bounds = f"{figure(found.low)} to {figure(found.high)}" if math.isfinite(found.low) else ABSENT
    return str(found.n), figure(found.value), bounds
