from __future__ import annotations

import math
from dataclasses import replace

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import Evaluation
from pipeline.report.comparison.lines.comparison import comparison_lines
from pipeline.report.comparison.lines.evaluation import evaluation_lines


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
