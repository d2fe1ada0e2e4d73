"""A comparison of two versions on three cases, made by the real code from invented scores."""

from __future__ import annotations

import pytest

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.statistics.summary import directions, summarise
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation
from pipeline.result import ModuleRef


def evaluation(version: str, dices: dict[str, float]) -> Evaluation:
    cases = tuple(
        CaseScore(
            name,
            {"dice/whole": value, "volume/whole": 100 * value},
            {"scanner": "A"},
            output=f"sha256:{version}{name}",
            seconds=2.0,
            memory_mib=900.0,
        )
        for name, value in dices.items()
    )
    summary = summarise(cases)
    ref = ModuleRef("tumour", version, 1, "sha256:" + version * 4, "", "", "")
    return Evaluation(
        ref,
        "real",
        "sha256:c",
        {},
        "sha256:l",
        "",
        cases,
        summary,
        directions(summary),
        Counters({}, {}),
        f"run-{version}",
    )


@pytest.fixture
def found() -> Comparison:
    before = evaluation("1.0.0", {"a|b": 0.80, "two": 0.70, "<script>": 0.90})
    after = evaluation("1.1.0", {"a|b": 0.85, "two": 0.60, "<script>": 0.95})
    return compare(before, after)
