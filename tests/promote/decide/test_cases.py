from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.evaluate.evaluations import evaluation, scored
from tests.evaluate.statistics.test_cohort import judged
from tests.promote.decide.policies import comparison, dice_moved, only, policy

WORST = policy(worst_case={"dice/whole": 0.1})


def test_the_worst_case_is_named() -> None:
    moves = [0.01] * 5 + [-0.15, -0.02]
    criterion = only(decide(dice_moved(moves), WORST), "worst_case")
    assert criterion.outcome is Outcome.REFUSE
    assert criterion.figure == pytest.approx(-0.15)
    assert "the worst case is case-05, 0.150 worse (n=7)" in criterion.reason


def test_a_small_loss_on_one_case_is_accepted() -> None:
    assert only(decide(dice_moved([0.1, -0.09]), WORST), "worst_case").outcome is Outcome.ACCEPT


@pytest.mark.parametrize(
    ("new", "outcome", "more"),
    [
        ([1, 0, 2], Outcome.ACCEPT, 0),
        ([0, 1, 2], Outcome.ACCEPT, 0),
        ([1, 1, 2], Outcome.REFUSE, 1),
    ],
)
def test_missed_lesions_are_added_up_over_cases(
    new: list[int], outcome: Outcome, more: int
) -> None:
    metric = "lesion_misses/whole"
    found = comparison({metric: [1, 0, 2]}, {metric: new})
    criterion = only(decide(found, policy(lesions={metric: 0})), "lesions")
    assert criterion.outcome is outcome
    assert criterion.figure == more
    assert ("more on case-01" in criterion.reason) == (new[1] > 0)


def test_a_cohort_figure_has_no_worst_case() -> None:
    both = [evaluation(scored(judged()), v, "quality") for v in ("1.0.0", "1.1.0")]
    asked = policy("quality", worst_case={"auroc": 0.1})
    with pytest.raises(ConfigError, match="only a whole cohort has it"):
        decide(compare(both[0], both[1]), asked)
