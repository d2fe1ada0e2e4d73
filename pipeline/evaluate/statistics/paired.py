"""Two versions on the same cases: what one metric gained or lost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.statistics.cohort import CHANCE, cohort_figure, contributions
from pipeline.evaluate.statistics.interval import around, mean_interval
from pipeline.evaluation.comparison import Paired
from pipeline.evaluation.scores import CaseScore

SAME = 1e-9  # differences below are rounding, not change
FEWEST = 6  # non-zero pairs; with fewer the two-sided test cannot reach 0.05 whatever it sees


def pair(
    metric: str, way: str, reference: Mapping[str, float], candidate: Mapping[str, float]
) -> Paired:
    """Compare one metric of two versions case by case.

    Parameters
    ----------
    metric, way : str
        Its name; ``higher``, ``lower``, or empty where neither is better.
    reference, candidate : mapping of str to float
        By case; cases that one lacks, or where one is NaN, have no difference.
    """
    differences = {
        case: candidate[case] - value
        for case, value in reference.items()
        if not math.isnan(value) and not math.isnan(candidate.get(case, math.nan))
    }
    found = np.array(list(differences.values()), np.float64)
    gains = oriented(found, way)
    won, lost = int((gains > SAME).sum()), int((gains < -SAME).sum())
    return Paired(
        metric=metric,
        better=way,
        reference=_mean([reference[case] for case in differences]),
        candidate=_mean([candidate[case] for case in differences]),
        difference=mean_interval(found),
        spread=_spread(found),
        p_value=signed_rank(found),
        wins=won if way else 0,
        ties=len(found) - won - lost if way else 0,
        losses=lost if way else 0,
        differences=differences,
    )


def pair_cohort(
    metric: str, way: str, reference: Sequence[CaseScore], candidate: Sequence[CaseScore]
) -> Paired:
    """Compare one figure over the whole cohort; its interval comes from what cases contribute.

    Parameters
    ----------
    metric, way : str
        As `pair`.
    reference, candidate : sequence of CaseScore
        The same cases; a chance that only one of the two gave counts in neither.
    """
    moved = moved_contributions(metric, reference, candidate)
    sides = _shared(reference, candidate), _shared(candidate, reference)
    before, after = (cohort_figure(side, metric) for side in sides)
    return Paired(
        metric=metric,
        better=way,
        reference=before,
        candidate=after,
        difference=around(after - before, mean_interval(moved.values())),
        spread=_spread(np.array(list(moved.values()))),
        p_value=math.nan,
        wins=0,
        ties=0,
        losses=0,
        differences={},
    )


def moved_contributions(
    metric: str, reference: Sequence[CaseScore], candidate: Sequence[CaseScore]
) -> dict[str, float]:
    """By case, what the candidate's contribution to a cohort figure gained over the reference's."""
    sides = _shared(reference, candidate), _shared(candidate, reference)
    before, after = (contributions(side, metric) for side in sides)
    return {case: after[case] - before[case] for case in before if case in after}


def oriented(differences: NDArray[np.float64], way: str) -> NDArray[np.float64]:
    """Turn differences into gains: positive where the candidate is better."""
    return -differences if way == "lower" else differences


def signed_rank(differences: NDArray[np.float64]) -> float:
    """Two-sided p of Wilcoxon's signed-rank test (Biometrics Bulletin 1:80, 1945), zeros dropped.

    Exact up to 50 pairs without ties, else by the normal approximation; NaN for fewer than six
    differences that are not zero.
    """
    from scipy.stats import wilcoxon  # half a second that no run of a module should pay

    kept = differences[np.abs(differences) > SAME]
    if len(kept) < FEWEST:
        return math.nan
    # Rounded, so that differences equal but for the last bit share a rank.
    return float(wilcoxon(np.round(kept, 12)).pvalue)


def _shared(cases: Sequence[CaseScore], others: Sequence[CaseScore]) -> list[CaseScore]:
    """The cases without the chances that the other version did not give."""
    given = {other.case: other.values for other in others}
    return [replace(case, values=_both(case.values, given.get(case.case, {}))) for case in cases]


def _both(values: Mapping[str, float], others: Mapping[str, float]) -> dict[str, float]:
    chances = (name for name in values if name.startswith(CHANCE))
    alone = [name for name in chances if math.isnan(others.get(name, math.nan))]
    return {**values, **dict.fromkeys(alone, math.nan)}


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _spread(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else math.nan
