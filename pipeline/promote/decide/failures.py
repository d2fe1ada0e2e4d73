"""A case that the candidate cannot do is a loss that no mean shows."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluate.statistics.cohort import CHANCE, is_cohort_figure
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion
from pipeline.evaluation.scores import Evaluation
from pipeline.promote.decide.cases import met
from pipeline.promote.decide.wording import some
from pipeline.versions.policy.policy import Policy


def failures(evidence: Comparison | Evaluation, policy: Policy) -> Criterion:
    """Apply the limit on cases that the candidate fails and the reference does not.

    A case counts as failed too where the candidate lacks a figure the policy asks for, such as a
    distance to an empty mask; not where it rightly finds nothing. Without a reference every failure
    of the candidate counts.
    """
    failed = list(dict.fromkeys(_failed(evidence, policy)))
    alone = isinstance(evidence, Evaluation)
    number = len(evidence.cases if isinstance(evidence, Evaluation) else evidence.reference.cases)
    named = f" ({some(failed)})" if failed else ""
    return Criterion(
        "failures",
        "cases without a figure",
        float(len(failed)),
        float(policy.failures),
        met(len(failed) <= policy.failures),
        f"The candidate fails, or has no figure for, {len(failed)} of n={number} cases"
        f"{'' if alone else ' where the reference has one'}{named}; the policy accepts "
        f"{policy.failures}.",
    )


def _failed(evidence: Comparison | Evaluation, policy: Policy) -> Iterator[str]:
    if isinstance(evidence, Evaluation):
        yield from (case.case for case in evidence.cases if case.failure)
        return
    for entry in evidence.unpaired:
        if entry.missing == "candidate" and _asked(entry.metric, policy):
            yield entry.case


def _asked(metric: str, policy: Policy) -> bool:
    if metric.startswith(CHANCE):
        return any(is_cohort_figure(asked) for asked in policy.metrics)
    return not metric or metric in policy.metrics
