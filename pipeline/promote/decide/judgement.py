"""Whether a mean is on the right side of a limit: shown, refuted, or not to be told."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.evaluate.statistics.bound import Values, lower_bound, standard_error, upper_bound
from pipeline.evaluate.statistics.level import level_bounds, level_cases_needed
from pipeline.evaluate.statistics.power import cases_needed
from pipeline.evaluation.decision import Outcome
from pipeline.versions.policy.policy import Policy

Ends = tuple[float, float]

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
    alike : bool
        Whether a level was judged of which all cases have one value, so that none tells of chance.
    """

    mean: float
    low: float
    high: float
    number: int
    outcome: Outcome
    needed: int | None = None
    alike: bool = False


def judge(
    values: Iterable[float], limit: float, policy: Policy, ends: Ends | None = None
) -> Judgement:
    """Judge values, higher being better, against a limit with the policy's alpha.

    Fewer cases than the policy's least decide nothing, whatever they say.

    Parameters
    ----------
    values : iterable of float
        One a case; NaN is left out.
    limit : float
        What the mean ought to reach.
    policy : Policy
        Its alpha and least number of cases count.
    ends : tuple of float, optional
        For a version's own level: what the values can be. Without spread it is no certainty there.
        A difference that is the same on all cases, as between equal outputs, is taken as it is.
    """
    found = np.array([value for value in values if not math.isnan(value)])
    number = len(found)
    if not number:
        unknown = math.nan
        return Judgement(unknown, unknown, unknown, 0, Outcome.INCONCLUSIVE)
    mean = float(found.mean())
    level = ends if number > 1 and not standard_error(found) else None
    low, high = _bounds(found, policy.alpha, level)
    outcome = _outcome(low, high, limit) if number >= policy.least_cases else Outcome.INCONCLUSIVE
    needed = _needed(found, limit, policy, level) if outcome is Outcome.INCONCLUSIVE else None
    return Judgement(mean, low, high, number, outcome, needed, alike=level is not None)


def _bounds(found: Values, alpha: float, level: Ends | None) -> tuple[float, float]:
    if level is not None:
        return level_bounds(float(found.mean()), level, len(found), alpha)
    return float(lower_bound(found, alpha)), float(upper_bound(found, alpha))


def _needed(found: Values, limit: float, policy: Policy, level: Ends | None) -> int | None:
    least = max(len(found) + 1, policy.least_cases)
    if len(found) == 1:
        return least
    mean = float(found.mean())
    if level is not None:
        return level_cases_needed(mean, limit, level, policy.alpha, least)
    return cases_needed(mean - limit, float(found.std(ddof=1)), policy.alpha, least)


def _outcome(low: float, high: float, limit: float) -> Outcome:
    if low >= limit - ROUNDING:
        return Outcome.ACCEPT
    return Outcome.REFUSE if high < limit - ROUNDING else Outcome.INCONCLUSIVE
