"""Whether a mean is on the right side of a limit: shown, refuted, or not to be told."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.evaluate.statistics.bound import lower_bound, upper_bound
from pipeline.evaluate.statistics.power import cases_needed
from pipeline.evaluation.decision import Outcome
from pipeline.versions.policy.policy import Policy

ROUNDING = 1e-12


@dataclass(frozen=True)
class Judgement:
    """What the cases say of a mean that ought to be at least a limit.

    Attributes
    ----------
    mean, low, high : float
        Of the values, with one-sided bounds; NaN without a case.
    number : int
        Cases.
    outcome : Outcome
        Accept where the lower bound reaches the limit, refuse where the upper one stays under it.
    needed : int or None
        Where undecided: cases in all that would decide with a chance of 80 %; of one case, which
        tells nothing of the spread, the fewest that decide at all.
    """

    mean: float
    low: float
    high: float
    number: int
    outcome: Outcome
    needed: int | None = None


def judge(values: Iterable[float], limit: float, policy: Policy) -> Judgement:
    """Judge values, higher being better, against a limit with the policy's alpha.

    Fewer cases than the policy's least decide nothing, whatever they say.
    """
    found = np.array([value for value in values if not math.isnan(value)])
    number = len(found)
    if not number:
        unknown = math.nan
        return Judgement(unknown, unknown, unknown, 0, Outcome.INCONCLUSIVE)
    mean, low, high = (
        float(figure)
        for figure in (
            found.mean(),
            lower_bound(found, policy.alpha),
            upper_bound(found, policy.alpha),
        )
    )
    outcome = _outcome(low, high, limit) if number >= policy.least_cases else Outcome.INCONCLUSIVE
    if outcome is not Outcome.INCONCLUSIVE:
        return Judgement(mean, low, high, number, outcome)
    least = max(number + 1, policy.least_cases)
    if number == 1:
        return Judgement(mean, low, high, number, outcome, least)
    needed = cases_needed(mean - limit, float(found.std(ddof=1)), policy.alpha, least)
    return Judgement(mean, low, high, number, outcome, needed)


def _outcome(low: float, high: float, limit: float) -> Outcome:
    if low >= limit - ROUNDING:
        return Outcome.ACCEPT
    return Outcome.REFUSE if high < limit - ROUNDING else Outcome.INCONCLUSIVE
