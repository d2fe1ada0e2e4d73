from __future__ import annotations

import numpy as np
import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.statistics.bound import critical
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.evaluate.evaluations import evaluation, failing, scored
from tests.promote.decide.policies import comparison, dice_moved, only, policy

GATE = {"column": "scanner", "metric": "dice/whole", "loss": 0.05}
SCANNERS = {"scanner": ["A"] * 8 + ["B"] * 8 + ["C"] * 2}


def moved(b: float, spread: float = 0.004) -> Comparison:
    noise = np.random.default_rng(0).normal(0, spread, 18)
    return dice_moved(list(noise + np.array([0.1] * 8 + [b] * 8 + [-0.3] * 2)), SCANNERS)


def outcomes(found: Comparison, **changed: object) -> dict[str, Outcome]:
    decision = decide(found, policy(subgroups=[{**GATE, **changed}]))
    return {c.subject: c.outcome for c in decision.criteria if c.kind == "subgroup"}


@pytest.mark.parametrize(
    ("b", "spread", "outcome"),
    [
        (-0.03, 0.004, Outcome.ACCEPT),
        (-0.2, 0.004, Outcome.REFUSE),
        (-0.06, 0.05, Outcome.INCONCLUSIVE),
    ],
)
def test_a_subgroup_is_judged_by_itself(b: float, spread: float, outcome: Outcome) -> None:
    found = outcomes(moved(b, spread))
    assert found["dice/whole [scanner = A]"] is Outcome.ACCEPT
    assert found["dice/whole [scanner = B]"] is outcome


def test_many_looks_share_the_chance_of_turning_a_good_candidate_down() -> None:
    noise = np.random.default_rng(4).normal(0, 0.01, 16)
    noise -= np.repeat([noise[:8].mean(), noise[8:].mean()], 8)
    steps = np.array([critical(8, alpha) for alpha in (0.05, 0.025)])
    between = float(steps.mean() * noise[8:].std(ddof=1) / np.sqrt(8))
    loss = noise - 0.05 - between
    alone = dice_moved(list(loss[8:]), {"scanner": ["B"] * 8})
    beside = dice_moved(list(loss), {"scanner": ["A"] * 8 + ["B"] * 8})
    assert outcomes(alone)["dice/whole [scanner = B]"] is Outcome.REFUSE
    assert outcomes(beside)["dice/whole [scanner = B]"] is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("small", "outcome"), [("pass", Outcome.ACCEPT), ("hold", Outcome.INCONCLUSIVE)]
)
def test_a_subgroup_too_small_to_judge_is_named_with_what_was_seen(
    small: str, outcome: Outcome
) -> None:
    decision = decide(moved(0.0), policy(subgroups=[{**GATE, "small": small}]))
    (c,) = [criterion for criterion in decision.criteria if "= C" in criterion.subject]
    assert c.outcome is outcome
    assert "n=2, 0.3" in c.reason
    assert "under 5 cases it is not judged" in c.reason


def test_a_column_the_cohort_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(
        ConfigError, match="by site, a column that cohort held-out has not"
    ) as error:
        outcomes(moved(0.0), column="site")
    assert "gate by scanner" in error.value.remedy


def test_a_metric_defined_in_no_pair_is_undecided() -> None:
    nan, groups = float("nan"), {"scanner": ["A"] * 8}
    values = {"dice/whole": [0.8] * 8, "hd95/whole": [nan] * 8}
    found = comparison(values, values, groups)
    assert set(outcomes(found, metric="hd95/whole").values()) == {Outcome.ACCEPT}  # too small: n=0
    assert set(outcomes(found, metric="hd95/whole", small="hold").values()) == {
        Outcome.INCONCLUSIVE
    }


def test_a_candidate_that_fails_every_case_is_refused_for_that() -> None:
    cases = scored({"dice/whole": [0.8] * 8}, {"scanner": ["A"] * 8})
    failed = failing(cases, *(case.case for case in cases))
    decision = decide(
        compare(evaluation(cases), evaluation(failed, "1.1.0")), policy(subgroups=[GATE])
    )
    assert only(decision, "failures").outcome is Outcome.REFUSE
    assert decision.outcome is Outcome.REFUSE
