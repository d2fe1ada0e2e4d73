from __future__ import annotations

import math
from dataclasses import replace

from pipeline.evaluation.comparison import Comparison, Unpaired
from pipeline.report.comparison.lines.comparison import comparison_lines


def test_every_mean_stands_beside_its_n(found: Comparison) -> None:
    metrics = comparison_lines(found)[0]
    assert metrics.header[:2] == ("metric", "n")
    dice = next(row for row in metrics.rows if row[0] == "dice/whole")
    assert dice[1:5] == ("3", "0.800", "0.800", "0.000")
    assert dice[-1] == "2/0/1"


def test_volumes_have_limits_of_agreement(found: Comparison) -> None:
    (volumes,) = (t for t in comparison_lines(found) if "Bland" in t.title)
    assert volumes.rows[0][:2] == ("volume/whole", "3")


def test_costs_are_medians(found: Comparison) -> None:
    (costs,) = (t for t in comparison_lines(found) if "Time" in t.title)
    assert costs.rows == (
        ("seconds a case, median", "2.000", "2.000"),
        ("peak MiB, median", "900.0", "900.0"),
    )


def test_medians_leave_the_undefined_out(found: Comparison) -> None:
    first = found.candidate.cases[0]

    def costs(*seconds: float) -> tuple[str, ...]:
        cases = tuple(replace(first, seconds=value) for value in seconds)
        changed = replace(found, candidate=replace(found.candidate, cases=cases))
        (table,) = (t for t in comparison_lines(changed) if "Time" in t.title)
        return table.rows[0]

    assert costs(math.nan, 1.0, 5.0, 2.0)[2] == "2.000"
    assert costs(1.0, 2.0)[2] == "1.500"
    assert costs(math.nan)[2] == "–"


def test_what_only_one_version_has_is_named_with_its_reason(found: Comparison) -> None:
    lost = (
        Unpaired("two", "", "candidate", "module_failed"),
        Unpaired("a|b", "hd95/whole", "reference", "undefined"),
        Unpaired("a|b", "nsd/whole", "reference", "undefined"),
    )
    (table,) = (
        t for t in comparison_lines(replace(found, unpaired=lost)) if t.title.startswith("Left out")
    )
    assert table.rows == (
        ("two", "all", "1.1.0", "module_failed"),
        ("a|b", "hd95/whole, nsd/whole", "1.0.0", "undefined"),
    )
    assert not any(t.title.startswith("Left out") for t in comparison_lines(found))
