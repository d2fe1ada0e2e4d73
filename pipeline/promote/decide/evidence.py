"""What a comparison says of one metric, turned so that more is better."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.evaluate.statistics.cohort import contributions, is_cohort_figure
from pipeline.evaluate.statistics.paired import moved_contributions
from pipeline.evaluation.comparison import Comparison, Paired
from pipeline.evaluation.scores import CaseScore, Evaluation


def sign(better: str) -> int:
    """1 where higher is better, -1 where lower is."""
    return -1 if better == "lower" else 1


def paired_of(comparison: Comparison, metric: str) -> Paired | None:
    """The paired figures of a metric; None where no case has it in both versions."""
    return next((found for found in comparison.metrics if found.metric == metric), None)


def gains(comparison: Comparison, paired: Paired) -> dict[str, float]:
    """By case, how much better the candidate is, or what it contributes to a cohort figure."""
    differences: Mapping[str, float] = paired.differences
    if is_cohort_figure(paired.metric):
        both = [_succeeded(e) for e in (comparison.reference, comparison.candidate)]
        shared = both[0].keys() & both[1].keys()
        sides = [[case for name, case in side.items() if name in shared] for side in both]
        differences = moved_contributions(paired.metric, sides[0], sides[1])
    return {case: sign(paired.better) * value for case, value in differences.items()}


def values_of(evaluation: Evaluation, metric: str) -> dict[str, float]:
    """By case, a version's own figure, or what the case contributes to it; NaN where undefined."""
    cases = list(_succeeded(evaluation).values())
    if is_cohort_figure(metric):
        return contributions(cases, metric)
    return {case.case: case.values[metric] for case in cases if metric in case.values}


def _succeeded(evaluation: Evaluation) -> dict[str, CaseScore]:
    return {case.case: case for case in evaluation.cases if not case.failure}
