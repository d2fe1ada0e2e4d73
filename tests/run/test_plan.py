from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.contract import read_contract
from pipeline.errors import Code
from pipeline.run.plan import Step, steps
from pipeline.types import Role

MODULES = Path(__file__).parents[2] / "modules"


@pytest.fixture(scope="module")
def shipped() -> dict:
    return {path.name: read_contract(path) for path in MODULES.iterdir() if path.is_dir()}


def of(plan: tuple[Step, ...], module: str) -> list[Step]:
    return [step for step in plan if step.module == module]


def test_quality_runs_once_per_series_and_the_others_once_per_case(shipped: dict) -> None:
    plan = steps([Role.T1, Role.FLAIR], shipped)
    assert [step.role for step in of(plan, "quality")] == [Role.T1, Role.FLAIR]
    assert of(plan, "tissue") == [Step("tissue", None, None, "on T1")]
    assert of(plan, "tumour") == [Step("tumour", None, None, "on T1, FLAIR")]


def test_tumour_is_skipped_without_contrast_agent_or_flair(shipped: dict) -> None:
    (step,) = of(steps([Role.T1, Role.T2], shipped), "tumour")
    assert step.code is Code.NOT_ENOUGH_ROLES
    assert step.reason == "needs at least one of T1c, FLAIR"


def test_nothing_runs_on_a_case_without_roles(shipped: dict) -> None:
    assert {step.code for step in steps([], shipped)} == {Code.NOT_ENOUGH_ROLES}


def test_a_module_whose_upstream_cannot_run_is_skipped(shipped: dict) -> None:
    tissue = shipped["tissue"]
    starved = {**shipped, "tissue": _needing(tissue, Role.T2)}
    (step,) = of(steps([Role.FLAIR], starved), "tumour")
    assert step.code is Code.UPSTREAM


def _needing(contract, role):
    from dataclasses import replace

    return replace(contract, needs=replace(contract.needs, at_least=(role,)))
