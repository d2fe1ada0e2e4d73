"""A policy's decision."""

from __future__ import annotations

from pipeline.evaluation.decision import Decision
from pipeline.report.comparison.lines.figures import figure
from pipeline.report.comparison.lines.lines import Lines


def decision_lines(found: Decision) -> Lines:
    """Every criterion with its figure and reason."""
    rows = tuple(
        (c.outcome.value, c.kind, c.subject, figure(c.figure), figure(c.bound), c.reason)
        for c in found.criteria
    )
    header = ("outcome", "criterion", "of", "found", "asked", "reason")
    return Lines(f"Decision: {found.outcome.value}", header, rows)
