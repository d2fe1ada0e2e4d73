"""Two versions on studies without labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pipeline.evaluation.unlabelled import Unlabelled
from pipeline.report.comparison.lines.figures import figure, interval
from pipeline.report.comparison.lines.lines import Lines


def unlabelled_lines(found: Unlabelled) -> tuple[Lines, ...]:
    """How far two versions agree without labels: means, then cases, the most different first."""
    name = f"{found.candidate.name} {found.reference.version} → {found.candidate.version}"
    means = tuple((key, *interval(value)) for key, value in found.summary.items())
    overlaps = [key for key in found.summary if key.startswith("dice/")]
    ordered = sorted(found.cases, key=lambda case: _likeness(case.values, overlaps))
    cases = tuple(
        (
            case.case,
            *(figure(case.values.get(key, math.nan)) for key in overlaps),
            "; ".join(case.changes) or ("identical" if case.identical else ""),
            case.failure,
        )
        for case in ordered
    )
    return (
        Lines(f"{name}: agreement, no labels", ("value", "n", "mean", "95 % interval"), means),
        Lines("Studies, least agreement first", ("study", *overlaps, "changes", "failure"), cases),
    )


def _likeness(values: Mapping[str, float], overlaps: Sequence[str]) -> float:
    found = [values.get(key, math.nan) for key in overlaps]
    return min((value for value in found if math.isfinite(value)), default=math.inf)
