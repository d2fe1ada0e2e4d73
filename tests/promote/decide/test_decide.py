from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError, UsageError
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from pipeline.versions.policy.read import policy_path, read_policy
from tests.evaluate.evaluations import evaluation, failing, scored
from tests.promote.decide.policies import comparison, dice_moved, only, policy

CONFIGS = Path(__file__).parents[3] / "configs"
MARGIN = {"dice/whole": 0.02}
ORDER = [Outcome.REFUSE, Outcome.INCONCLUSIVE, Outcome.ACCEPT]
NOISE = list(np.random.default_rng(3).normal(0, 0.008, 12))


def test_a_version_that_changed_nothing_is_accepted() -> None:
    decision = decide(dice_moved([0.0] * 12), policy(margins=MARGIN, worst_case=MARGIN))
    assert decision.outcome is Outcome.ACCEPT
    assert decision.policy == "sha256:" + "a" * 64
    assert [c.kind for c in decision.criteria] == ["failures", "non_inferiority", "worst_case"]


def test_one_missed_criterion_refuses_whatever_the_others_say() -> None:
    moves = [0.05] * 11 + [-0.1]
    decision = decide(dice_moved(moves), policy(margins={"dice/whole": 0.2}, worst_case=MARGIN))
    assert [c.outcome for c in decision.criteria] == [
        Outcome.ACCEPT,
        Outcome.ACCEPT,
        Outcome.REFUSE,
    ]
    assert decision.outcome is Outcome.REFUSE


@pytest.mark.parametrize(
    ("inconclusive", "outcome"), [("hold", Outcome.INCONCLUSIVE), ("refuse", Outcome.REFUSE)]
)
def test_the_policy_says_what_undecided_comes_to(inconclusive: str, outcome: Outcome) -> None:
    decision = decide(
        dice_moved([0.1, -0.12] * 6), policy(margins=MARGIN, inconclusive=inconclusive)
    )
    assert decision.outcome is outcome
    assert decision.criteria[1].outcome is Outcome.INCONCLUSIVE


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(-60, 60), min_size=8, max_size=8), st.integers(0, 80))
def test_a_better_candidate_never_fares_worse(moves: list[int], better: int) -> None:
    asked = policy(
        floors={"dice/whole": {"least": 0.78, "on": "bound"}}, margins=MARGIN, worst_case=MARGIN
    )
    before = decide(dice_moved([m / 1000 for m in moves]), asked).outcome
    after = decide(dice_moved([(m + better) / 1000 for m in moves]), asked).outcome
    assert ORDER.index(after) >= ORDER.index(before)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(-60, 60), min_size=8, max_size=8), st.integers(0, 50), st.integers(0, 50)
)
def test_a_wider_margin_never_turns_a_candidate_down(moves: list[int], one: int, more: int) -> None:
    found = dice_moved([m / 1000 for m in moves])
    narrow, wide = (
        decide(found, policy(margins={"dice/whole": m / 1000})).outcome for m in (one, one + more)
    )
    assert ORDER.index(wide) >= ORDER.index(narrow)


def test_the_same_evidence_always_decides_alike() -> None:
    asked = policy(margins=MARGIN, floors={"dice/whole": {"least": 0.7, "on": "bound"}})
    assert decide(dice_moved(NOISE), asked) == decide(dice_moved(NOISE), asked)


def test_a_first_version_is_decided_by_its_floors() -> None:
    first = evaluation(scored({"dice/whole": [0.8] * 4}))
    asked = policy(floors={"dice/whole": {"least": 0.7}}, margins=MARGIN)
    assert decide(first, asked).outcome is Outcome.ACCEPT
    assert [c.kind for c in decide(first, asked).criteria] == ["failures", "floor"]
    low = evaluation(scored({"dice/whole": [0.6] * 4}))
    assert decide(low, asked).outcome is Outcome.REFUSE
    broken = evaluation(failing(scored({"dice/whole": [0.8] * 4}), "case-02"))
    assert decide(broken, asked).outcome is Outcome.REFUSE


def test_a_first_version_without_a_floor_cannot_be_decided() -> None:
    first = evaluation(scored({"dice/whole": [0.8] * 4}))
    with pytest.raises(ConfigError, match="sets no floor, and there is no champion"):
        decide(first, policy(margins=MARGIN))


def test_a_metric_nobody_computes_is_refused_naming_those_there_are() -> None:
    with pytest.raises(ConfigError, match="asks for nsd/hole, which nobody computes") as error:
        decide(dice_moved([0.0] * 8), policy(margins={"nsd/hole": 0.1}))
    assert error.value.remedy == "Computed are dice/whole."


def test_another_modules_policy_is_refused() -> None:
    with pytest.raises(UsageError, match=r"policies/tissue\.toml does not judge tumour"):
        decide(dice_moved([0.0] * 8), policy("tissue", margins=MARGIN))


@pytest.mark.parametrize("shift", [0.0, -0.2])
def test_the_shipped_tumour_policy_decides(shift: float) -> None:
    rng = np.random.default_rng(0)
    old = {
        "dice/whole": rng.uniform(0.75, 0.85, 12),
        "dice/core": rng.uniform(0.5, 0.7, 12),
        "nsd/whole": rng.uniform(0.7, 0.8, 12),
        "lesion_f1/whole": rng.uniform(0.5, 1, 12),
        "lesion_misses/whole": rng.integers(0, 3, 12),
    }
    moved = shift + rng.normal(0, 0.004, 12)
    new = {name: v + (0 if "lesion" in name else moved) for name, v in old.items()}
    groups = {"size": ["small", "large"] * 6}
    decision = decide(comparison(old, new, groups), read_policy(policy_path(CONFIGS, "tumour")))
    kinds = {c.kind: c.outcome for c in decision.criteria}
    assert kinds["non_inferiority"] is (Outcome.ACCEPT if shift == 0 else Outcome.REFUSE)
    # Nothing was timed here, so the budget alone stays open.
    assert kinds["budget"] is Outcome.INCONCLUSIVE
    assert decision.outcome is (Outcome.INCONCLUSIVE if shift == 0 else Outcome.REFUSE)
    assert all(c.reason.endswith(".") and "n=" in c.reason for c in decision.criteria[:-2])


HEALTHY = {
    "dice/whole": [0.8] * 40 + [math.nan] * 4,
    "volume_bias/whole": [0.1] * 40 + [math.nan] * 4,
}
PAINTED = {**HEALTHY, "dice/whole": [0.8] * 40 + [0.0] * 4}
STRICT = policy(margins={"dice/whole": 0.05}, worst_case={"dice/whole": 0.15})


def test_who_paints_on_healthy_heads_is_refused() -> None:
    decision = decide(comparison(HEALTHY, PAINTED), STRICT)
    assert only(decision, "worst_case").outcome is Outcome.REFUSE
    assert only(decision, "non_inferiority").outcome is not Outcome.ACCEPT
    assert decision.outcome is Outcome.REFUSE


def test_who_stops_painting_on_healthy_heads_is_accepted() -> None:
    decision = decide(comparison(PAINTED, HEALTHY), STRICT)
    assert only(decision, "failures").figure == 0
    assert decision.outcome is Outcome.ACCEPT
