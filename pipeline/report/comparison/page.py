"""comparison.html: two versions on one cohort as a page that stands alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from pipeline.evaluation.comparison import Agreement, Comparison, Paired
from pipeline.evaluation.decision import Decision
from pipeline.evaluation.evened import evened
from pipeline.report.comparison.chart import Dot, agreement_chart, square_chart
from pipeline.report.comparison.lines.comparison import comparison_lines
from pipeline.report.comparison.lines.decision import decision_lines
from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.page import render
from pipeline.report.picture import Picture
from pipeline.report.write import write_whole


@dataclass(frozen=True)
class Regression:
    """A case that got worse (or least better), with pictures of both versions and the reference.

    Attributes
    ----------
    case, metric : str
        Whose difference it is.
    difference : float
        Candidate minus reference.
    pictures : tuple of Picture
        The same slice: reference labels, reference version, candidate.
    """

    case: str
    metric: str
    difference: float
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with its caption."""

    caption: str
    svg: Markup


def write_comparison(
    path: Path,
    found: Comparison,
    regressions: Sequence[Regression] = (),
    decision: Decision | None = None,
    impacts: Sequence[Comparison] = (),
) -> None:
    """Write the page.

    Parameters
    ----------
    path : pathlib.Path
        comparison.html.
    found : Comparison
        What is compared.
    regressions : sequence of Regression
        Worst first.
    decision : Decision, optional
        What the module's policy says of it.
    impacts : sequence of Comparison
        Modules further down, fed by either version.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    below = [lines for impact in impacts for lines in comparison_lines(impact)[:1]]
    tables = comparison_lines(found)
    page = render(
        "comparison.html",
        found=found,
        title=tables[0].title,
        tables=tables,
        charts=charts(found),
        regressions=regressions,
        decision=decision,
        criteria=decision_lines(decision) if decision else Lines("", (), ()),
        impacts=below,
    )
    write_whole(path, page)


def charts(found: Comparison) -> tuple[Chart, ...]:
    """Each judged overlap case by case, and each volume after Bland and Altman."""
    squares = (_square(found, p) for p in found.metrics if p.metric.startswith("dice/"))
    return (*squares, *(_agreement(found, entry) for entry in found.agreement))


def _square(found: Comparison, paired: Paired) -> Chart:
    before, after = _values(found, paired.metric)
    dots = [Dot(before[case], after[case], case) for case in paired.differences if case in before]
    names = found.reference.module.version, found.candidate.module.version
    return Chart(
        paired.metric, square_chart(dots, f"reference {names[0]}", f"candidate {names[1]}")
    )


def _agreement(found: Comparison, entry: Agreement) -> Chart:
    before, after = _values(found, entry.metric)
    dots = [
        Dot((before[case] + after[case]) / 2, after[case] - before[case], case)
        for case in before
        if case in after and math.isfinite(before[case] + after[case])
    ]
    caption = f"{entry.metric}: bias {entry.bias:.1f} ml, n={entry.n}"
    return Chart(caption, agreement_chart(dots, entry.bias, (entry.low, entry.high)))


def _values(found: Comparison, metric: str) -> tuple[dict[str, float], dict[str, float]]:
    """A metric of either version by case, as it was compared."""
    others = {case.case: case for case in found.candidate.cases}
    pairs = [evened(c, others[c.case]) for c in found.reference.cases if c.case in others]
    before, after = (
        {case.case: case.values[metric] for case in side if metric in case.values}
        for side in ([one for one, _ in pairs], [other for _, other in pairs])
    )
    return before, after
