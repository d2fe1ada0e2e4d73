from __future__ import annotations

from benchmarks.ranking_gate import false_pass


def test_a_ranking_worse_by_the_margin_rarely_passes() -> None:
    assert false_pass(20, 0.05, cohorts=80) <= 0.05
