from __future__ import annotations

import math

import pytest

from pipeline.errors import RegistryError
from pipeline.evaluate.record import from_json, to_json
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation, Interval
from pipeline.result import ModuleRef


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation(
        module=ModuleRef("tumour", "1.1.0", 2, "sha256:d", "sha256:w", "sha256:c", "sha256:k"),
        cohort="real",
        cohort_digest="sha256:q",
        upstream={"tissue": "sha256:t"},
        lock="sha256:l",
        policy="",
        cases=(
            CaseScore("a", {"dice/whole": 0.9, "hd95/whole": math.nan}, {"site": "1"}, "sha256:o"),
            CaseScore("b", {"dice/whole": 0.0}, failure="module_failed"),
        ),
        summary={"dice/whole": Interval(0.45, 0.0, 0.9, 2)},
        better={"dice/whole": "higher"},
        counters=Counters({"tumour": 2}, {"tissue": 2}),
        run_id="r",
    )


def test_what_is_written_reads_back_the_same(evaluation: Evaluation) -> None:
    text = to_json(evaluation)
    assert "NaN" not in text
    assert to_json(from_json(text)) == text
    again = from_json(text)
    assert math.isnan(again.cases[0].values["hd95/whole"])
    assert again.cases[1].failure == "module_failed"
    assert again.module == evaluation.module
    assert again.summary == evaluation.summary


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 99}'])
def test_what_is_no_evaluation_is_named(text: str) -> None:
    with pytest.raises(RegistryError, match="Validate the version again"):
        from_json(text)
