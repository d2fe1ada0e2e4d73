"""Many tests at once: p values that still mean what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p values so that the chance of any false alarm among them stays at its level.

    Holm, Scandinavian Journal of Statistics 6:65 (1979): the smallest times their number, the next
    times one less, and so on, never falling. NaN, no test, stays NaN and does not count.

    Parameters
    ----------
    p_values : sequence of float
        One a test, any order.
    """
    adjusted = [math.nan] * len(p_values)
    tested = [index for index, p in enumerate(p_values) if not math.isnan(p)]
    order = sorted(tested, key=lambda index: p_values[index])
    raised = [min(1.0, p_values[i] * (len(order) - rank)) for rank, i in enumerate(order)]
    for index, value in zip(order, np.maximum.accumulate(raised), strict=True):
        adjusted[index] = float(value)
    return adjusted
