"""What is counted case by case, not estimated: the worst loss, and lesions missed."""

from __future__ import annotations

import math

from pipeline.errors import ConfigError
from pipeline.evaluate.statistics.cohort import is_cohort_figure
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.promote.decide.evidence import gains, paired_of
from pipeline.promote.decide.wording import change, some
from pipeline.versions.policy.policy import Misses, Policy, Worst


def worst_case(comparison: Comparison, asked: Worst, policy: Policy) -> Criterion:
    """Apply a limit on any single case's loss; the figure is the smallest gain.

    Raises
    ------
    ConfigError
        The metric is one of the whole cohort, so that no case has it.
    """
    found = _by_case(comparison, asked.metric, policy)
    if not found:
        return undefined("worst_case", asked.metric, -asked.loss, comparison)
    case = min(found, key=lambda name: found[name])
    return Criterion(
        "worst_case",
        asked.metric,
        found[case],
        -asked.loss,
        met(found[case] >= -asked.loss),
        f"{asked.metric}: the worst case is {case}, {change(found[case])} (n={len(found)}); the "
        f"policy accepts {asked.loss:g} worse on any case.",
    )


def lesions(comparison: Comparison, asked: Misses, policy: Policy) -> Criterion:
    """Apply a limit on additional missed lesions, over all cases together.

    Raises
    ------
    ConfigError
        As `worst_case`.
    """
    found = _by_case(comparison, asked.metric, policy)
    if not found:
        return undefined("lesions", asked.metric, asked.more, comparison)
    more = round(-sum(found.values()))
    where = some(case for case, gain in found.items() if gain < 0)
    return Criterion(
        "lesions",
        asked.metric,
        float(more),
        float(asked.more),
        met(more <= asked.more),
        f"{asked.metric}: {more:+d} against the reference over n={len(found)} cases"
        f"{f', more on {where}' if where else ''}; the policy accepts {asked.more} more.",
    )


def require_cases(metric: str, policy: Policy) -> None:
    """Refuse a figure of the whole cohort where cases or subgroups are to be judged.

    Raises
    ------
    ConfigError
        Naming the metric, and what can be asked of it.
    """
    if is_cohort_figure(metric):
        raise ConfigError(
            f"policies/{policy.module}.toml limits {metric} on single cases or subgroups, but only "
            "a whole cohort has it.",
            "Give it a floor or a margin.",
        )


def undefined(kind: str, subject: str, bound: float, comparison: Comparison) -> Criterion:
    """Leave a criterion undecided since no case has the metric in both versions."""
    reason = f"{subject} is defined in both versions on no case of {comparison.candidate.cohort}."
    return Criterion(kind, subject, math.nan, bound, Outcome.INCONCLUSIVE, reason)


def met(yes: bool) -> Outcome:
    """Accept or refuse: what is counted is never undecided."""
    return Outcome.ACCEPT if yes else Outcome.REFUSE


def _by_case(comparison: Comparison, metric: str, policy: Policy) -> dict[str, float]:
    require_cases(metric, policy)
    paired = paired_of(comparison, metric)
    return gains(comparison, paired) if paired else {}
