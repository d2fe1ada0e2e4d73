from __future__ import annotations

import math
from dataclasses import replace

import pytest

from pipeline.evaluation.comparison import Comparison, Unpaired
from pipeline.evaluation.scores import Evaluation, Interval
from pipeline.evaluation.unlabelled import Agreed, Unlabelled
from pipeline.report.comparison.lines import (
    comparison_lines,
    evaluation_lines,
    figure,
    median,
    probability,
    signed,
    unlabelled_lines,
)
from pipeline.report.words import MINUS


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


def test_an_evaluation_lists_every_case(found: Comparison) -> None:
    cases, means = evaluation_lines(found.candidate)
    assert [row[0] for row in cases.rows] == ["a|b", "two", "<script>"]
    assert means.rows[0][:3] == ("dice/whole", "3", "0.800")


def test_labels_that_no_case_holds_are_remarked_on(found: Comparison) -> None:
    def about(bias: float, failure: str = "") -> Evaluation:
        first, *others = found.candidate.cases
        values = {**first.values, "volume_bias/whole": math.nan, "volume_bias/core": bias}
        more = replace(others[0], values=values, failure=failure)
        return replace(found.candidate, cases=(replace(first, values=values), more))

    _, means = evaluation_lines(about(0.1))
    assert means.title == "tumour 1.1.0 on real: means; no case's labels hold any whole"
    first = comparison_lines(replace(found, candidate=about(math.nan)))[0]
    assert first.title.endswith("; no case's labels hold any whole, core")
    _, means = evaluation_lines(found.candidate)
    assert means.title == "tumour 1.1.0 on real: means", "nothing is said where nothing is known"


def test_studies_that_differ_most_come_first() -> None:
    cases = (
        Agreed("alike", {"dice/x": 0.9}),
        Agreed("apart", {"dice/x": 0.2}, ("T1: pass → fail",)),
    )
    ref = evaluation_ref()
    found = Unlabelled(ref, ref, cases, {"dice/x": Interval(0.55, 0.2, 0.9, 2)})
    _, studies = unlabelled_lines(found)
    assert [row[0] for row in studies.rows] == ["apart", "alike"]
    assert studies.rows[0][2] == "T1: pass → fail"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.123"), (12.34, "12.3"), (-0.5, f"{MINUS}0.500"), (math.nan, "–")],
)
def test_figures_read_alike_everywhere(value: float, text: str) -> None:
    assert figure(value) == text


def test_gains_carry_a_plus() -> None:
    assert signed(0.02) == "+0.020"
    assert signed(-0.02) == f"{MINUS}0.020"
    assert probability(0.0004) == "<0.001"


def test_medians_leave_the_undefined_out() -> None:
    assert median([math.nan, 1.0, 5.0, 2.0]) == 2.0
    assert median([1.0, 2.0]) == 1.5
    assert math.isnan(median([math.nan]))


def evaluation_ref():
    from tests.report.comparison.conftest import evaluation

    return evaluation("1.0.0", {"a": 0.5, "b": 0.6}).module


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
