"""Comparisons as plain tables, the same for terminal, Markdown and page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.comparison import Agreement, Comparison, Paired, Unpaired
from pipeline.evaluation.decision import Decision
from pipeline.evaluation.scores import Evaluation, Interval
from pipeline.evaluation.unlabelled import Unlabelled
from pipeline.report.comparison.heading import in_no_reference, sides, title
from pipeline.report.words import ABSENT, MINUS


@dataclass(frozen=True)
class Lines:
    """A table: title, headings and cells as text."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def evaluation_lines(found: Evaluation) -> tuple[Lines, ...]:
    """One version on one cohort: means with their intervals, and what each case scored."""
    version = f"{found.module.name} {found.module.version} on {found.cohort}"
    means = tuple((name, *_interval(value)) for name, value in found.summary.items())
    metrics = [name for name in found.summary if found.better.get(name)]
    cases = tuple(
        (c.case, *(figure(c.values.get(name, math.nan)) for name in metrics), c.failure)
        for c in found.cases
    )
    return (
        Lines(f"{version}: every case", ("case", *metrics, "failure"), cases),
        Lines(
            _with(f"{version}: means", in_no_reference(found.cases)),
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


def comparison_lines(found: Comparison) -> tuple[Lines, ...]:
    """Metrics, what has no pair, subgroups, volumes, costs.

    But for the first, which says what was compared, tables without a row are left out.
    """
    both = sides(found)
    header = ("metric", "n", *both, "difference", "95 % interval", "p", "better/same/worse")
    heading = _with(title(found), in_no_reference(found.candidate.cases))
    first = Lines(heading, header, tuple(_paired(p) for p in found.metrics))
    return first, *(lines for lines in _further(found, both) if lines.rows)


def _further(found: Comparison, both: tuple[str, str]) -> tuple[Lines, ...]:
    return (
        Lines(
            "Left out: only one version has it",
            ("case", "figures", "missing in", "reason"),
            tuple(_unpaired(found.unpaired, *both)),
        ),
        Lines(
            "By subgroup of two cases and more (p adjusted after Holm)",
            ("subgroup", "metric", "n", "difference", "95 % interval", "p"),
            tuple(_subgroups(found)),
        ),
        Lines(
            "Agreement of volumes (Bland and Altman), ml",
            ("volume", "n", "bias", "limits of agreement"),
            tuple(_agreement(entry) for entry in found.agreement),
        ),
        Lines("Time and memory of the module", ("", *both), tuple(_costs(found))),
    )


def _with(heading: str, remark: str) -> str:
    return f"{heading}; {remark}" if remark else heading


def decision_lines(found: Decision) -> Lines:
    """Every criterion with its figure and reason."""
    rows = tuple(
        (c.outcome.value, c.kind, c.subject, figure(c.figure), figure(c.bound), c.reason)
        for c in found.criteria
    )
    header = ("outcome", "criterion", "of", "found", "asked", "reason")
    return Lines(f"Decision: {found.outcome.value}", header, rows)


def unlabelled_lines(found: Unlabelled) -> tuple[Lines, ...]:
    """How far two versions agree without labels: means, then cases, the most different first."""
    name = f"{found.candidate.name} {found.reference.version} → {found.candidate.version}"
    means = tuple((key, *_interval(value)) for key, value in found.summary.items())
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


def figure(value: float) -> str:
    """Three decimals below ten, one above; a dash for NaN."""
    if not math.isfinite(value):
        return ABSENT
    text = f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return text.replace("-", MINUS) if float(text) else text.removeprefix("-")


def signed(value: float) -> str:
    """As `figure`, with a plus for gains."""
    text = figure(value)
    return f"+{text}" if math.isfinite(value) and value > 0 and float(text) else text


def probability(value: float) -> str:
    """A p-value; small ones as a bound."""
    if not math.isfinite(value):
        return ABSENT
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def span(found: Interval) -> str:
    """The interval's bounds; a dash where too few cases leave them undefined."""
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return ABSENT
    return f"{signed(found.low)} to {signed(found.high)}"


def _interval(found: Interval) -> tuple[str, str, str]:
    bounds = f"{figure(found.low)} to {figure(found.high)}" if math.isfinite(found.low) else ABSENT
    return str(found.n), figure(found.value), bounds


def _mean_of(found: Evaluation, column: str, value: str, metric: str) -> str:
    figures = [
        case.values[metric]
        for case in found.cases
        if case.groups.get(column, "") == value and math.isfinite(case.values.get(metric, math.nan))
    ]
    return f"{figure(sum(figures) / len(figures))} ({len(figures)})" if figures else ABSENT


def _paired(found: Paired) -> tuple[str, ...]:
    outcome = f"{found.wins}/{found.ties}/{found.losses}" if found.better else ""
    return (
        found.metric,
        str(found.difference.n),
        figure(found.reference),
        figure(found.candidate),
        signed(found.difference.value),
        span(found.difference),
        probability(found.p_value),
        outcome,
    )


def _unpaired(found: Sequence[Unpaired], before: str, after: str) -> Iterator[tuple[str, ...]]:
    """A row a case and side, with the figures that are missing there."""
    names = {"reference": before, "candidate": after}
    metrics: dict[tuple[str, str, str], list[str]] = {}
    for entry in found:
        row = (entry.case, names[entry.missing], entry.reason)
        metrics.setdefault(row, []).append(entry.metric or "all")
    for (case, side, reason), missing in metrics.items():
        yield case, ", ".join(missing), side, reason


def _subgroups(found: Comparison) -> Iterator[tuple[str, ...]]:
    for group in found.subgroups:
        if group.paired.difference.n < 2:
            continue  # one case is in the table of cases, and makes no subgroup
        yield (
            f"{group.column} = {group.value}",
            group.paired.metric,
            str(group.paired.difference.n),
            signed(group.paired.difference.value),
            span(group.paired.difference),
            probability(group.p_adjusted),
        )


def _agreement(found: Agreement) -> tuple[str, ...]:
    limits = f"{signed(found.low)} to {signed(found.high)}"
    return found.metric, str(found.n), signed(found.bias), limits


def _costs(found: Comparison) -> Iterator[tuple[str, ...]]:
    for name, key in (("seconds a case, median", "seconds"), ("peak MiB, median", "memory_mib")):
        sides = [
            median([getattr(case, key) for case in side.cases])
            for side in (found.reference, found.candidate)
        ]
        if any(map(math.isfinite, sides)):
            yield name, *(figure(side) for side in sides)


def median(values: Sequence[float]) -> float:
    """Median of what is finite; NaN where nothing is."""
    finite = sorted(value for value in values if math.isfinite(value))
    middle = len(finite) // 2
    if not finite:
        return math.nan
    return finite[middle] if len(finite) % 2 else (finite[middle - 1] + finite[middle]) / 2


def _likeness(values: Mapping[str, float], overlaps: Sequence[str]) -> float:
    found = [values.get(key, math.nan) for key in overlaps]
    return min((value for value in found if math.isfinite(value)), default=math.inf)
