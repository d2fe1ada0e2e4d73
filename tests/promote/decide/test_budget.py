from __future__ import annotations

import pytest

from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.promote.decide.policies import dice_moved, only, policy, timed


@pytest.mark.parametrize(
    ("field", "after", "outcome"),
    [
        ("seconds", 2.9, Outcome.ACCEPT),
        ("seconds", 3.1, Outcome.REFUSE),
        ("memory_mib", 2.9, Outcome.ACCEPT),
        ("memory_mib", 3.1, Outcome.REFUSE),
    ],
)
def test_a_budget_is_a_ratio(field: str, after: float, outcome: Outcome) -> None:
    found = timed(dice_moved([0.0] * 4), 2.0, after, field)
    key = "seconds" if field == "seconds" else "memory"
    criterion = only(decide(found, policy(budget={key: 1.5})), "budget")
    assert criterion.outcome is outcome
    assert criterion.figure == pytest.approx(after / 2)
    assert "(n=4)" in criterion.reason


def test_what_came_from_the_cache_was_not_measured() -> None:
    criterion = only(decide(dice_moved([0.0] * 4), policy(budget={"seconds": 1.5})), "budget")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert "time cannot be compared" in criterion.reason
