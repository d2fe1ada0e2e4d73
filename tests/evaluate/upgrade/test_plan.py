from __future__ import annotations

import pytest

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs
from pipeline.evaluate.upgrade.plan import Action, UpgradePlan, plan_upgrade
from pipeline.result import ModuleRef
from pipeline.types import Role


def contract(name: str, *upstream: str, level: str = "case") -> Contract:
    needs = Needs(level, (Role.T1,), (Role.T1,), "first", (1, 1, 1), (), upstream)
    return Contract(name, "", "", needs, (), {})


CONTRACTS = {
    "quality": contract("quality", level="series"),
    "tissue": contract("tissue"),
    "tumour": contract("tumour", "tissue"),
}
COHORTS = {"tissue": ["ibsr"], "tumour": ["brats"]}


def ref(name: str, version: str = "1.0.0") -> ModuleRef:
    return ModuleRef(name, version, 1, f"sha256:{name}{version}", "", "", "")


def actions(plan: UpgradePlan) -> dict[str, Action]:
    return {line.module.name: line.action for line in plan.lines}


def test_a_leaf_is_rerun_alone() -> None:
    locked = {name: ref(name) for name in CONTRACTS}
    plan = plan_upgrade(ref("tumour", "1.1.0"), locked, CONTRACTS, COHORTS)
    assert actions(plan) == {
        "quality": Action.REUSED,
        "tissue": Action.REUSED,
        "tumour": Action.RERUN,
    }
    (line,) = plan.having(Action.RERUN)
    assert (line.module.version, line.cohorts) == ("1.1.0", ("brats",))


def test_what_looks_at_it_is_rerun_only_where_its_input_changed() -> None:
    locked = {name: ref(name) for name in CONTRACTS}
    plan = plan_upgrade(ref("tissue", "2.0.0"), locked, CONTRACTS, COHORTS)
    assert actions(plan) == {
        "quality": Action.REUSED,
        "tissue": Action.RERUN,
        "tumour": Action.WHERE_CHANGED,
    }
    (line,) = plan.having(Action.WHERE_CHANGED)
    assert line.module.version == "1.0.0", "the dependent module keeps its version"
    assert "tissue" in line.reason


@pytest.mark.parametrize("name", ["quality", "tissue", "tumour"])
def test_every_line_has_a_reason(name: str) -> None:
    locked = {name: ref(name) for name in CONTRACTS}
    plan = plan_upgrade(ref(name, "2.0.0"), locked, CONTRACTS, {})
    assert [line.module.name for line in plan.lines] == ["quality", "tissue", "tumour"]
    assert all(line.reason for line in plan.lines)
