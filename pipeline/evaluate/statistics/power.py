"""How many cases would decide what these could not."""

from __future__ import annotations

import math

from pipeline.evaluate.statistics.bound import critical

POWER = 0.8
QUANTILE = 0.8416  # standard normal, of POWER
LIMIT = 10_000  # beyond it nobody collects cases for one decision


def cases_needed(distance: float, spread: float, alpha: float, least: int) -> int | None:
    """Smallest number of cases that decides with a chance of 80 %, at the distance now observed.

    Smallest n with sqrt(n) |distance| / spread >= c(n) + z(0.8): the usual normal approximation,
    with the critical value of the bound in place of Student's.

    Parameters
    ----------
    distance : float
        Of the mean from the limit, either side; at 0 no number decides.
    spread : float
        Standard deviation of the cases' values.
    alpha : float
        Of the bound.
    least : int
        Fewest cases to answer, such as one more than there are.

    Returns
    -------
    int or None
        None where more than 10 000 would be needed, or distance or spread is unknown.
    """
    if not math.isfinite(distance) or not math.isfinite(spread):
        return None
    first = max(least, 2)
    low, high = first, LIMIT
    if not _decides(high, distance, spread, alpha):
        return None
    while low < high:
        middle = (low + high) // 2
        if _decides(middle, distance, spread, alpha):
            high = middle
        else:
            low = middle + 1
    return low


def _decides(number: int, distance: float, spread: float, alpha: float) -> bool:
    steps = critical(number, alpha) + QUANTILE
    return distance != 0 and math.sqrt(number) * abs(distance) >= steps * spread
