"""A foreign MONAI bundle goes the same way as one's own: register, validate, compare, promote."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InconclusiveError, TrustError
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.side_by_side import compare_versions
from pipeline.promote.promote import promote
from pipeline.promote.request import Override, Request, evidence_of
from pipeline.promote.weigh import weigh
from pipeline.versions.ensure import ensure
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent, bench, names, watch  # noqa: F401
from tests.stock import write_stock

POLICY = """\
least_cases = 8
[margins]
"dice/bright" = 0.9
"""


@pytest.fixture
def foreign(bench: Workspace, tmp_path: Path) -> Path:  # noqa: F811
    return write_stock(tmp_path / "zoo", bench.modules / "tissue" / "module.toml", "1.2.0")


def test_its_expressions_ask_for_trust_once(bench: Workspace, foreign: Path) -> None:  # noqa: F811
    registry = ensure(bench)
    with pytest.raises(TrustError, match=r"import glob"):
        registry.register(foreign)
    first = registry.register(foreign, trust=True)
    assert registry.register(foreign, trust=True) == first
    assert registry.fetch(first).is_dir(), "trusted by its digest from now on"


def test_it_is_compared_and_promoted_by_the_same_steps(
    bench: Workspace,  # noqa: F811
    foreign: Path,
    watch: Silent,  # noqa: F811
) -> None:
    (bench.configs / "policies").mkdir()
    (bench.configs / "policies" / "tissue.toml").write_text(POLICY)
    registry = ensure(bench)
    champion, candidate = registry.version("tissue"), registry.register(foreign, trust=True)
    cohort = read_cohort(bench, "tissue-balls")
    found = compare_versions(bench, champion, candidate, cohort, watch)
    assert not [case.failure for case in found.candidate.cases if case.failure]
    comparisons, decision = weigh(bench, champion, candidate, [cohort])
    request = Request(
        candidate, decision=decision, evidence=evidence_of(comparisons, decision.policy)
    )
    with pytest.raises(InconclusiveError, match="4 cases"):
        promote(bench, request)
    by_hand = Request(
        candidate,
        decision=decision,
        evidence=request.evidence,
        override=Override("A. Physicist", "the test wants it in"),
    )
    entry = promote(bench, by_hand)
    assert entry.move.after.version == "1.2.0"
    assert registry.version("tissue").module.version == "1.2.0"
    assert registry.version("tissue", "previous").module.version == "1.0.0"
