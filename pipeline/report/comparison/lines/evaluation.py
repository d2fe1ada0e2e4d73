"""One version on one cohort."""

from __future__ import annotations

import math

from pipeline.evaluation.scores import Evaluation
from pipeline.report.comparison.heading import in_no_reference, with_remark
from pipeline.report.comparison.lines.figures import figure, interval
from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.words import ABSENT


def evaluation_lines(found: Evaluation) -> tuple[Lines, ...]:
    """One version on one cohort: means with their intervals, and what each case scored."""
    version = f"{found.module.name} {found.module.version} on {found.cohort}"
    means = tuple((name, *interval(value)) for name, value in found.summary.items())
    metrics = [name for name in found.summary if found.better.get(name)]
    cases = tuple(
        (c.case, *(figure(c.values.get(name, math.nan)) for name in metrics), c.failure)
        for c in found.cases
    )
    return (
        Lines(f"{version}: every case", ("case", *metrics, "failure"), cases),
        Lines(
            with_remark(f"{version}: means", in_no_reference(found.cases)),
            ("metric", "n", "mean", "95 % interval"),
            means,
        ),
    )


def group_lines(found: Evaluation, column: str) -> Lines:
    """Means of the cases of each value of a subgroup column, n in brackets."""
    metrics = [name for name in found.summary if found.better.get(name)]
    values = dict.fromkeys(case.groups.get(column, "") for case in found.cases)
    rows = tuple(
        (value, *(_mean_of(found, column, value, metric) for metric in metrics)) for value in values
    )
    return Lines(f"Means by {column} (n)", (column, *metrics), rows)


def _mean_of(found: Evaluation, column: str, value: str, metric: str) -> str:
    figures = [
        case.values[metric]
        for case in found.cases
        if case.groups.get(column, "") == value and math.isfinite(case.values.get(metric, math.nan))
    ]
    return f"{figure(sum(figures) / len(figures))} ({len(figures)})" if figures else ABSENT
