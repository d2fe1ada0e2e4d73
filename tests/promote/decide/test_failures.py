from __future__ import annotations

import math

from pipeline.evaluate.compare.compare import compare
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.evaluate.evaluations import evaluation, failing, scored
from tests.promote.decide.policies import comparison, only, policy

VALUES = {"dice/whole": [0.8] * 9}
ASKED = policy(margins={"dice/whole": 0.02})


def test_a_case_only_the_candidate_fails_refuses_and_is_named() -> None:
    found = compare(
        evaluation(failing(scored(VALUES), "case-01", "case-02")),
        evaluation(failing(scored(VALUES), "case-01", "case-07"), "1.1.0"),
    )
    criterion = only(decide(found, ASKED), "failures")
    assert criterion.outcome is Outcome.REFUSE
    assert criterion.figure == 1
    assert "1 of n=9 cases where the reference has one (case-07)" in criterion.reason


def test_a_policy_may_allow_some() -> None:
    found = compare(
        evaluation(scored(VALUES)), evaluation(failing(scored(VALUES), "case-07"), "1.1.0")
    )
    asked = policy(margins={"dice/whole": 0.02}, failures=1)
    assert only(decide(found, asked), "failures").outcome is Outcome.ACCEPT


def test_a_lost_figure_counts_only_where_the_policy_asks_for_it() -> None:
    old = {"dice/whole": [0.8] * 9, "hd95/whole": [4.0] * 9}
    new = {"dice/whole": [0.8] * 9, "hd95/whole": [4.0] * 8 + [math.nan]}
    found = comparison(old, new)
    assert only(decide(found, ASKED), "failures").outcome is Outcome.ACCEPT
    strict = policy(margins={"dice/whole": 0.02, "hd95/whole": 1.0})
    assert only(decide(found, strict), "failures").outcome is Outcome.REFUSE
