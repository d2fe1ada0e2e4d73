from __future__ import annotations

from pipeline.evaluation.scores import Interval
from pipeline.evaluation.unlabelled import Agreed, Unlabelled
from pipeline.report.comparison.lines.unlabelled import unlabelled_lines
from tests.report.comparison.conftest import evaluation


def test_studies_that_differ_most_come_first() -> None:
    cases = (
        Agreed("alike", {"dice/x": 0.9}),
        Agreed("apart", {"dice/x": 0.2}, ("T1: pass → fail",)),
    )
    ref = evaluation("1.0.0", {"a": 0.5, "b": 0.6}).module
    found = Unlabelled(ref, ref, cases, {"dice/x": Interval(0.55, 0.2, 0.9, 2)})
    _, studies = unlabelled_lines(found)
    assert [row[0] for row in studies.rows] == ["apart", "alike"]
    assert studies.rows[0][2] == "T1: pass → fail"
