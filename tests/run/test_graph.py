from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.contract_needs import Needs
from pipeline.errors import ConfigError
from pipeline.run.graph import dependents, order
from pipeline.types import Role

MODULES = Path(__file__).parents[2] / "modules"


def contract(name: str, *upstream: str, level: str = "case") -> Contract:
    needs = Needs(level, (Role.T1,), (Role.T1,), "first", (1.0, 1.0, 1.0), upstream=upstream)
    return Contract(name, name, "", needs, (), {})


def contracts(*found: Contract) -> dict[str, Contract]:
    return {entry.name: entry for entry in found}


def test_shipped_modules_run_quality_then_brain_tissue_and_tumour() -> None:
    shipped = {path.name: read_contract(path) for path in MODULES.iterdir() if path.is_dir()}
    assert order(shipped) == ("quality", "brain", "tissue", "tumour")


def test_a_fourth_module_takes_its_place_by_what_it_needs() -> None:
    found = contracts(
        contract("b", "a"), contract("a"), contract("c", "b"), contract("z", level="series")
    )
    assert order(found) == ("z", "a", "b", "c")


def test_dependents_are_found_through_others() -> None:
    found = contracts(contract("a"), contract("b", "a"), contract("c", "b"), contract("d"))
    assert dependents("a", found) == ("b", "c")
    assert dependents("d", found) == ()


def test_a_circle_is_refused() -> None:
    with pytest.raises(ConfigError, match="circle"):
        order(contracts(contract("a", "b"), contract("b", "a")))


def test_a_missing_upstream_module_is_named() -> None:
    with pytest.raises(ConfigError, match="skull"):
        order(contracts(contract("a", "skull")))
