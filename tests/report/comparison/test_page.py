from __future__ import annotations

import math
from pathlib import Path

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Decision, Outcome
from pipeline.report.comparison.page import charts, write_comparison
from tests.evaluate.evaluations import evaluation, scored


def test_the_page_stands_alone_and_escapes(found: Comparison, tmp_path: Path) -> None:
    write_comparison(tmp_path / "page.html", found)
    text = (tmp_path / "page.html").read_text()
    assert "tumour 1.0.0 → 1.1.0 on real (n=3)" in text
    assert "<script>" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "run-1.0.0" in text
    assert text.count('<svg class="chart"') == 2


def test_the_decision_comes_first_with_every_criterion(found: Comparison, tmp_path: Path) -> None:
    criterion = Criterion(
        "non_inferiority", "dice/whole", -0.08, -0.02, Outcome.INCONCLUSIVE, "n=3 is too few", 30
    )
    decision = Decision(Outcome.INCONCLUSIVE, (criterion,), "sha256:p")
    write_comparison(tmp_path / "page.html", found, decision=decision)
    text = (tmp_path / "page.html").read_text()
    assert text.index("What the policy says") < text.index("Paired by case")
    assert "n=3 is too few" in text


def test_a_healthy_head_that_one_version_leaves_empty_has_its_dot() -> None:
    empty = {"volume_bias/whole": [0.1, math.nan], "dice/whole": [0.8, math.nan]}
    painted = {**empty, "dice/whole": [0.8, 0.0]}
    (chart,) = charts(compare(evaluation(scored(empty)), evaluation(scored(painted), "1.1.0")))
    assert "case-01" in chart.svg
    assert "nan" not in chart.svg
