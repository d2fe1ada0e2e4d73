from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.evaluate.evaluations import evaluation, scored
from tests.evaluate.statistics.test_cohort import judged
from tests.promote.decide.policies import comparison, dice_moved, only, policy

ASKED = policy(margins={"dice/whole": 0.02})
NOISE = np.random.default_rng(3).normal(0, 0.008, 12)


def test_the_bound_and_not_the_mean_must_clear_the_margin() -> None:
    criterion = only(decide(dice_moved(list(NOISE)), ASKED), "non_inferiority")
    assert criterion.outcome is Outcome.ACCEPT
    assert -0.02 <= criterion.figure < NOISE.mean()
    assert criterion.bound == -0.02
    assert "with 95 % confidence (n=12); the policy accepts 0.02 worse." in criterion.reason
    assert criterion.cases_needed is None


def test_a_loss_shown_to_be_larger_refuses() -> None:
    criterion = only(decide(dice_moved(list(NOISE - 0.08)), ASKED), "non_inferiority")
    assert criterion.outcome is Outcome.REFUSE
    assert "worse on average" in criterion.reason


def test_what_these_cases_cannot_tell_says_how_many_could() -> None:
    criterion = only(decide(dice_moved(list(3 * NOISE)), ASKED), "non_inferiority")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert criterion.cases_needed is not None
    assert criterion.cases_needed > 12
    assert f"these cases cannot tell, {criterion.cases_needed} in all" in criterion.reason


def test_too_few_cases_decide_nothing_however_good() -> None:
    criterion = only(decide(dice_moved([0.1, 0.11, 0.12]), ASKED), "non_inferiority")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert criterion.cases_needed == 8
    assert "3 cases are fewer than the 8 the policy asks for" in criterion.reason


def test_one_case_does_not_lie_at_the_limit() -> None:
    criterion = only(decide(dice_moved([0.1]), ASKED), "non_inferiority")
    assert criterion.outcome is Outcome.INCONCLUSIVE
    assert criterion.cases_needed == 8
    assert criterion.reason.endswith("one case tells nothing of chance, at least 8 are needed.")


def test_at_the_limit_no_number_of_cases_is_promised() -> None:
    moves = [-0.02 + d for d in (0.05, -0.05) * 6]
    criterion = only(decide(dice_moved(moves), ASKED), "non_inferiority")
    assert criterion.cases_needed is None
    assert "more would hardly" in criterion.reason


@pytest.mark.parametrize(("move", "outcome"), [(-1.0, Outcome.ACCEPT), (9.0, Outcome.REFUSE)])
def test_lower_is_better_for_a_distance(move: float, outcome: Outcome) -> None:
    rng = np.random.default_rng(0)
    old = rng.uniform(4, 8, 12)
    found = comparison({"hd95/whole": old}, {"hd95/whole": old + move + rng.normal(0, 0.2, 12)})
    decision = decide(found, policy(margins={"hd95/whole": 1.0}))
    assert only(decision, "non_inferiority").outcome is outcome


def test_a_cohort_figure_is_bounded_by_what_its_cases_contribute() -> None:
    old, better, worse = judged(60, seed=2), judged(60, seed=2), judged(60, seed=2)
    for event in ("noise", "blur"):
        truth = np.array(old[f"truth/{event}"])
        better[f"chance/{event}"] = list(0.8 * np.array(old[f"chance/{event}"]) + 0.2 * truth)
        worse[f"chance/{event}"] = list(np.random.default_rng(1).random(60))
    asked = policy("quality", margins={"auroc": 0.03})
    reference = evaluation(scored(old), name="quality")
    outcomes = [
        only(
            decide(compare(reference, evaluation(scored(new), "1.1.0", "quality")), asked),
            "non_inferiority",
        ).outcome
        for new in (old, better, worse)
    ]
    assert outcomes == [Outcome.ACCEPT, Outcome.ACCEPT, Outcome.REFUSE]


def test_a_metric_defined_nowhere_in_both_is_undecided() -> None:
    nan = float("nan")
    found = comparison(
        {"dice/whole": [0.8] * 8, "hd95/whole": [nan] * 8},
        {"dice/whole": [0.8] * 8, "hd95/whole": [nan] * 8},
    )
    criterion = only(decide(found, policy(margins={"hd95/whole": 1.0})), "non_inferiority")
    assert criterion.outcome is Outcome.INCONCLUSIVE
