from __future__ import annotations

from pathlib import Path

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Decision, Outcome
from pipeline.report.comparison.page import write_comparison


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
