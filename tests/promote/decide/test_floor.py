from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.promote.decide.decide import decide
from tests.evaluate.evaluations import evaluation, scored
from tests.evaluate.statistics.test_cohort import judged
from tests.promote.decide.policies import only, policy

VALUES = {
    "dice/whole": np.random.default_rng(0).uniform(0.75, 0.85, 12),
    "hd95/whole": np.random.default_rng(1).uniform(4, 6, 12),
}


@pytest.mark.parametrize(
    ("metric", "floor", "outcome"),
    [
        ("dice/whole", {"least": 0.7}, Outcome.ACCEPT),
        ("dice/whole", {"least": 0.9}, Outcome.REFUSE),
        ("dice/whole", {"least": 0.7, "on": "bound"}, Outcome.ACCEPT),
        ("dice/whole", {"least": 0.79, "on": "bound"}, Outcome.INCONCLUSIVE),
        ("dice/whole", {"least": 0.9, "on": "bound"}, Outcome.REFUSE),
        ("hd95/whole", {"most": 7}, Outcome.ACCEPT),
        ("hd95/whole", {"most": 3}, Outcome.REFUSE),
        ("hd95/whole", {"most": 7, "on": "bound"}, Outcome.ACCEPT),
        ("hd95/whole", {"most": 3, "on": "bound"}, Outcome.REFUSE),
    ],
)
def test_a_floor_looks_at_the_mean_or_at_its_bound(
    metric: str, floor: dict[str, object], outcome: Outcome
) -> None:
    decision = decide(evaluation(scored(VALUES)), policy(floors={metric: floor}))
    criterion = only(decision, "floor")
    assert criterion.outcome is outcome
    assert "(n=12)" in criterion.reason
    assert (criterion.cases_needed is not None) == (outcome is Outcome.INCONCLUSIVE)


def test_a_bound_lies_on_the_cautious_side() -> None:
    asked = policy(floors={"hd95/whole": {"most": 7, "on": "bound"}})
    criterion = only(decide(evaluation(scored(VALUES)), asked), "floor")
    assert VALUES["hd95/whole"].mean() < criterion.figure <= 7


def test_a_cohort_figure_has_a_floor_too() -> None:
    cases = scored(judged(60))
    floors = {"auroc": {"least": 0.6, "on": "bound"}, "calibration_error": {"most": 0.9}}
    decision = decide(evaluation(cases, name="quality"), policy("quality", floors=floors))
    assert decision.outcome is Outcome.ACCEPT


def test_what_no_case_defines_is_undecided() -> None:
    cases = scored({"dice/whole": [math.nan] * 8})
    criterion = only(
        decide(evaluation(cases), policy(floors={"dice/whole": {"least": 0.5}})), "floor"
    )
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert "undefined on every case" in criterion.reason


def on_bound(number: int, least: float, value: float = 1.0) -> Criterion:
    floors = {"dice/whole": {"least": least, "on": "bound"}}
    cases = scored({"dice/whole": [value] * number})
    return only(decide(evaluation(cases), policy(floors=floors)), "floor")


def test_cases_at_the_ceiling_leave_room_for_what_was_not_seen() -> None:
    criterion = on_bound(8, least=0.7)
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert criterion.figure == pytest.approx(0.05 ** (1 / 8))
    assert "is 1.000, at least 0.688 with 95 % confidence (n=8)" in criterion.reason
    assert criterion.cases_needed == 9
    assert on_bound(9, least=0.7).outcome is Outcome.ACCEPT


def test_cases_that_all_score_nothing_still_miss_the_floor() -> None:
    assert on_bound(8, least=0.6, value=0.0).outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    ("values", "name", "floor"),
    [
        ({"hd95/whole": [3.0] * 9}, "tumour", {"hd95/whole": {"most": 5, "on": "bound"}}),
        (
            {"chance/noise": [0.9] * 4 + [0.1] * 4, "truth/noise": [1] * 4 + [0] * 4},
            "quality",
            {"auroc": {"least": 0.8, "on": "bound"}},
        ),
    ],
)
def test_without_spread_and_without_an_end_there_is_no_bound(
    values: dict[str, list[float]], name: str, floor: dict[str, object]
) -> None:
    decision = decide(evaluation(scored(values), name=name), policy(name, floors=floor))
    criterion = only(decision, "floor")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert "without a bound (n=" in criterion.reason
    assert criterion.reason.endswith("cannot tell: all are alike, which says nothing of chance.")
