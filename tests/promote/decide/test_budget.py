from __future__ import annotations

import pytest

from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.promote.decide.policies import dice_moved, only, policy, timed


@pytest.mark.parametrize(
    ("field", "before", "after", "outcome"),
    [
        ("seconds", 2.0, 2.9, Outcome.ACCEPT),
        ("seconds", 2.0, 3.1, Outcome.REFUSE),
        ("memory_mib", 200.0, 290.0, Outcome.ACCEPT),
        ("memory_mib", 200.0, 310.0, Outcome.REFUSE),
    ],
)
def test_a_budget_is_a_ratio(field: str, before: float, after: float, outcome: Outcome) -> None:
    found = timed(dice_moved([0.0] * 4), before, after, field)
    key = "seconds" if field == "seconds" else "memory"
    criterion = only(decide(found, policy(budget={key: 1.5})), "budget")
    assert criterion.outcome is outcome
    assert criterion.figure == pytest.approx(after / before)
    assert "(n=4)" in criterion.reason


def test_what_came_from_the_cache_was_not_measured() -> None:
    criterion = only(decide(dice_moved([0.0] * 4), policy(budget={"seconds": 1.5})), "budget")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert "time cannot be compared" in criterion.reason


@pytest.mark.parametrize("before", [0.0, 20.0])
def test_a_few_mib_more_are_no_reason_to_refuse(before: float) -> None:
    found = timed(dice_moved([0.0] * 4), before, before + 50, "memory_mib")
    criterion = only(decide(found, policy(budget={"memory": 1.25})), "budget")
    assert criterion.outcome is Outcome.ACCEPT
    assert criterion.reason.endswith("accepts 1.25 times, and 64 MiB more count as none.")
