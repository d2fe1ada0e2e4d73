"""Non-inferiority: the bound of the paired difference must clear the margin."""

from __future__ import annotations

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion
from pipeline.promote.decide.cases import undefined
from pipeline.promote.decide.evidence import gains, paired_of
from pipeline.promote.decide.judgement import judge
from pipeline.promote.decide.wording import change, confidence, undecided
from pipeline.versions.policy.policy import Margin, Policy

KIND = "non_inferiority"


def non_inferiority(comparison: Comparison, asked: Margin, policy: Policy) -> Criterion:
    """Apply one margin; the figure is the lower bound of the mean gain."""
    paired = paired_of(comparison, asked.metric)
    values = gains(comparison, paired) if paired else {}
    judged = judge(values.values(), -asked.loss, policy)
    if not judged.number:
        return undefined(KIND, asked.metric, -asked.loss, comparison)
    return Criterion(
        KIND,
        asked.metric,
        judged.low,
        -asked.loss,
        judged.outcome,
        f"{asked.metric}: {change(judged.mean)} on average, at worst {change(judged.low)} with "
        f"{confidence(policy)} confidence (n={judged.number}); the policy accepts "
        f"{asked.loss:g} worse{undecided(judged, policy)}.",
        judged.needed,
    )
