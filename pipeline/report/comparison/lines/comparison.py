"""Two versions on one cohort."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence

from pipeline.evaluation.comparison import Agreement, Comparison, Paired, Unpaired
from pipeline.evaluation.scores import Evaluation
from pipeline.report.comparison.heading import in_no_reference, sides, title, with_remark
from pipeline.report.comparison.lines.figures import figure, probability, signed, span
from pipeline.report.comparison.lines.lines import Lines


def comparison_lines(found: Comparison) -> tuple[Lines, ...]:
    """Metrics, what has no pair, subgroups, volumes, costs.

    But for the first, which says what was compared, tables without a row are left out.
    """
    both = sides(found)
    header = ("metric", "n", *both, "difference", "95 % interval", "p", "better/same/worse")
    heading = with_remark(title(found), in_no_reference(found.candidate.cases))
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
        medians = [_median(side, key) for side in (found.reference, found.candidate)]
        if any(map(math.isfinite, medians)):
            yield name, *map(figure, medians)


def _median(side: Evaluation, key: str) -> float:
    """Of the cases where it is defined; NaN where it is in none."""
    defined = [value for case in side.cases if math.isfinite(value := getattr(case, key))]
    return statistics.median(defined) if defined else math.nan
