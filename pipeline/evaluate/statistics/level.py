"""A mean whose cases all have one value: no spread to judge by, and yet no certainty."""

from __future__ import annotations

import math

from pipeline.evaluate.statistics.power import LIMIT


def level_bounds(
    value: float, ends: tuple[float, float], number: int, alpha: float
) -> tuple[float, float]:
    """Bounds of a mean where all cases have one value, each with confidence 1 - alpha.

    What happens in up to 1 - alpha^(1/n) of all cases may be absent from n: the exact bound behind
    the rule of three, Hanley and Lippman-Hand, JAMA 249:1743 (1983). Those cases are taken to lie
    at either end of what the figure can be.

    Parameters
    ----------
    value : float
        That of every case.
    ends : tuple of float
        Smallest and largest value of the figure, infinite where it has none.
    number : int
        Cases, from 1.
    alpha : float
        Chance of error on each side, above 0 and below 0.5.
    """
    seen = alpha ** (1 / number)
    low, high = (seen * value + (1 - seen) * end for end in ends)
    return low, high


def level_cases_needed(
    value: float, limit: float, ends: tuple[float, float], alpha: float, least: int
) -> int | None:
    """Smallest number of cases that decides if all go on to have one value, see `level_bounds`.

    Parameters
    ----------
    value, limit : float
        Of every case, and what it is held against.
    ends, alpha
        As `level_bounds`.
    least : int
        Fewest cases to answer, such as one more than there are.

    Returns
    -------
    int or None
        None where more than 10 000 would be needed.
    """
    end = ends[0] if value > limit else ends[1]
    if value == limit or not math.isfinite(end):
        return None
    share = (limit - end) / (value - end)  # of all cases that must be like these
    # A limit at the figure's end or beyond is decided by any number, or by none.
    number = math.ceil(math.log(alpha) / math.log(share)) if 0 < share < 1 else LIMIT + 1
    return max(number, least) if number <= LIMIT else None
