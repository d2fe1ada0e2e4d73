from __future__ import annotations

import pytest

from pipeline.evaluation.decision import Criterion, Decision, Outcome
from pipeline.promote.request import Evidence, Override, Request
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.versions.conftest import _own_store, clone, empty_store, workspace, write_bundle

__all__ = ["_own_store", "clone", "empty_store", "workspace"]

POLICY, COHORT = (f"sha256:{digit * 64}" for digit in "bc")
ANN = Override("Ann", "needed for a test")


def decided(outcome: Outcome) -> Decision:
    missed = Criterion("floor", "dice/whole", 0.7, 0.8, outcome, "0.70 is below 0.80, n = 9", 40)
    return Decision(outcome, (missed,), POLICY)


@pytest.fixture
def pinned(workspace: Workspace) -> Workspace:
    """Tissue 1.0.0 registered, pinned and champion, 1.1.0 and 1.2.0 registered."""
    pin(workspace)
    for number in ("1.1.0", "1.2.0"):
        register(workspace, number)
    return workspace


def register(workspace: Workspace, number: str) -> Version:
    seed = int(number.split(".")[1]) + 10
    return Registry(workspace).register(write_bundle(workspace.modules / "tissue", number, seed))


def asked(workspace: Workspace, number: str, alias: str = "champion", by: str = "") -> Request:
    """Tissue of this number, accepted against today's champion, or overridden `by` somebody."""
    registry = Registry(workspace)
    version, champion = registry.version("tissue", number), registry.version("tissue")
    evidence = Evidence(
        champion.module.digest, version.module.digest, POLICY, COHORT, "", ("e" * 32, "f" * 32)
    )
    override = Override(by, "needed for a test") if by else None
    return Request(version, alias, decided(Outcome.ACCEPT), evidence, override)
