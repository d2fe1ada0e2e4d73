"""A mean with its two-sided interval, as tables and charts show it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy.special import stdtrit

from pipeline.evaluate.statistics.bound import Values, bootstrap_t, standard_error
from pipeline.evaluation.scores import Interval

LEVEL = 0.95
MOST = 3.0  # times Student's; a resample without spread would ask for infinity


def mean_interval(
    values: Iterable[float], low: float = -math.inf, high: float = math.inf
) -> Interval:
    """Mean with a 95 % studentised bootstrap interval, never narrower than Student's.

    Seeded, so the same values always give the same interval. A decision never rests on it but on
    `bound.lower_bound`, which is calibrated for skewed losses as well.

    Parameters
    ----------
    values : iterable of float
        One a case; NaN, undefined, is left out.
    low, high : float
        What the figure can be at all; the interval is cut there.

    Returns
    -------
    Interval
        NaN without a case; with one case the bounds are NaN, since nothing tells the spread.
    """
    kept = np.array([value for value in values if not math.isnan(value)])
    number = len(kept)
    if number < 2:
        return Interval(float(kept[0]) if number else math.nan, math.nan, math.nan, number)
    mean, error = float(kept.mean()), float(standard_error(kept))
    below, above = mean - _steps(kept) * error, mean + _steps(-kept) * error
    return Interval(mean, max(low, below), min(high, above), number)


def around(figure: float, contributed: Interval) -> Interval:
    """Put the interval of what cases contribute around a figure over the whole cohort.

    The figure itself and the contributions' mean differ by the jackknife's correction of bias; the
    interval is widened to hold the figure.
    """
    low, high = contributed.low, contributed.high
    if math.isnan(low) or math.isnan(figure):
        return Interval(figure, math.nan, math.nan, contributed.n)
    return Interval(figure, min(figure, low), max(figure, high), contributed.n)


def _steps(values: Values) -> float:
    tail = (1 - LEVEL) / 2
    student = float(stdtrit(len(values) - 1, 1 - tail))
    return min(max(student, float(bootstrap_t(values, 1 - tail))), MOST * student)
