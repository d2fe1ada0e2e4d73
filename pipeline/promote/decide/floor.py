"""What the candidate must reach by itself."""

from __future__ import annotations

import math

from pipeline.evaluate.statistics.cohort import is_cohort_figure
from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.evaluation.scores import Evaluation
from pipeline.metrics import FIGURES
from pipeline.promote.decide.evidence import sign, values_of
from pipeline.promote.decide.judgement import judge
from pipeline.promote.decide.wording import confidence, figure, undecided
from pipeline.versions.policy.policy import Floor, Policy

KIND = "floor"


def floor(evaluation: Evaluation, asked: Floor, policy: Policy) -> Criterion:
    """Apply one floor, to the mean or to the bound of the mean."""
    found = evaluation.summary.get(asked.metric)
    if found is None or math.isnan(found.value):
        return Criterion(
            KIND,
            asked.metric,
            math.nan,
            asked.limit,
            Outcome.INCONCLUSIVE,
            f"{asked.metric} is undefined on every case of {evaluation.cohort}.",
        )
    if asked.on == "bound":
        return _on_bound(evaluation, asked, policy)
    turned = 1 if asked.side == "least" else -1
    met = turned * found.value >= turned * asked.limit
    return Criterion(
        KIND,
        asked.metric,
        found.value,
        asked.limit,
        Outcome.ACCEPT if met else Outcome.REFUSE,
        f"{asked.metric} is {figure(found.value)} (n={found.n}); the policy asks for at "
        f"{asked.side} {asked.limit:g}.",
    )


def _on_bound(evaluation: Evaluation, asked: Floor, policy: Policy) -> Criterion:
    turned = sign("higher" if asked.side == "least" else "lower")
    values = (turned * value for value in values_of(evaluation, asked.metric).values())
    judged = judge(values, turned * asked.limit, policy, _ends(asked.metric, turned))
    shown = f"at {asked.side} {figure(turned * judged.low)} with {confidence(policy)} confidence"
    return Criterion(
        KIND,
        asked.metric,
        turned * judged.low,
        asked.limit,
        judged.outcome,
        f"{asked.metric} is {figure(turned * judged.mean)}, "
        f"{shown if math.isfinite(judged.low) else 'without a bound'} (n={judged.number}); "
        f"the policy asks for at {asked.side} {asked.limit:g}{undecided(judged, policy)}.",
        judged.needed,
    )


def _ends(metric: str, turned: int) -> tuple[float, float]:
    """What a case's value can be, turned so that more is better."""
    known = FIGURES.get(metric.partition("/")[0])
    # What a case contributes to a cohort figure depends on the other cases, and has no ends.
    if known is None or is_cohort_figure(metric):
        return -math.inf, math.inf
    low, high = sorted((turned * known.low, turned * known.high))
    return low, high
