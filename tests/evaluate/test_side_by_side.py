from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.regressions import regressions, worst
from pipeline.evaluate.side_by_side import compare_versions
from pipeline.evaluate.stage import set_stage
from pipeline.evaluation.comparison import Comparison
from pipeline.report.comparison.page import write_comparison
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent


@pytest.fixture
def found(bench: Workspace, candidate: Version, watch: Silent) -> Comparison:
    before = ensure(bench).version("tissue", "1.0.0")
    return compare_versions(bench, before, candidate, read_cohort(bench, "tissue-balls"), watch)


def test_versions_are_paired_case_by_case(found: Comparison) -> None:
    (dice,) = (p for p in found.metrics if p.metric == "dice/bright")
    assert dice.difference.n == 4
    assert dice.difference.value == pytest.approx(dice.candidate - dice.reference)
    assert dice.wins + dice.ties + dice.losses == 4
    assert found.identical == 0
    assert {group.value for group in found.subgroups} == {"A", "B"}
    (agreement,) = found.agreement
    assert agreement.bias < 0, "a higher threshold marks less"


def test_what_was_validated_is_not_run_again(
    bench: Workspace, candidate: Version, found: Comparison, watch: Silent
) -> None:
    watch.said.clear()
    before = ensure(bench).version("tissue", "1.0.0")
    cohort = read_cohort(bench, "tissue-balls")
    again = compare_versions(bench, before, candidate, cohort, watch)
    assert watch.said == []
    assert again.candidate.run_id == found.candidate.run_id


def test_the_page_shows_the_worst_cases(
    bench: Workspace, candidate: Version, found: Comparison, tmp_path: Path
) -> None:
    before = ensure(bench).version("tissue", "1.0.0")
    cohort = read_cohort(bench, "tissue-balls")
    drawn = regressions(found, cohort, set_stage(bench, before), set_stage(bench, candidate))
    (dice,) = (p for p in found.metrics if p.metric == "dice/bright")
    assert [r.case for r in drawn] == [case for case, _ in worst(dice)]
    assert all(len(r.pictures) == 3 for r in drawn)
    write_comparison(tmp_path / "page.html", found, drawn)
    text = (tmp_path / "page.html").read_text()
    assert "tissue 1.0.0 → 1.1.0 on tissue-balls (n=4)" in text
    assert text.count("data:image/png") == 3 * len(drawn)
    assert "<svg" in text
