"""Promotions that break off, by real processes that die."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import LedgerError, PromotionUnderWayError, RegistryError
from pipeline.promote import settle as settling
from pipeline.promote.promote import _draft, promote
from pipeline.promote.rollback import rollback
from pipeline.promote.settle import settle
from pipeline.versions.ledger.chain import chained
from pipeline.versions.ledger.entry import Action
from pipeline.versions.ledger.file import read_ledger
from pipeline.versions.registry.claim import new_claim, read_claim, take
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import read_state
from pipeline.workspace import Workspace
from tests.promote.client import ENDED
from tests.promote.conftest import asked
from tests.promote.test_promote import aliases, ledger

ROOT = Path(__file__).parents[2]
STEPS = ("claimed", "ledger", "mirror", "head", "aliases", "tags", "release")


def client(workspace: Workspace, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A promotion in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tests.promote.client", str(workspace.root), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"},
        check=False,
        timeout=300,
    )


def claimed(workspace: Workspace, number: str = "1.1.0", **change: str) -> None:
    """Leave a claim that has done nothing yet, as another machine or this one might have."""
    registry = Registry(workspace)
    request = asked(workspace, number)
    state = read_state(workspace, registry, "tissue")
    move = _draft(workspace, request, Action.PROMOTE, state)
    last = state.entries[-1] if state.entries else None
    entry = chained(move, last, datetime.now(UTC))
    assert take(registry, replace(new_claim(entry), **change))


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_dies_before_a_step_is_finished_by_the_next_call(
    pinned: Workspace, step: str
) -> None:
    assert client(pinned, "1.1.0", "--die", step).returncode == ENDED
    registry = Registry(pinned)
    assert read_claim(registry, "tissue") is not None
    # The same call again comes to the same end, and no second entry.
    entry = promote(pinned, asked(pinned, "1.1.0"))
    assert entry.sequence == 1
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]
    assert registry.version("tissue", "1.1.0").tags["validation_status"] == "passed"
    assert read_claim(registry, "tissue") is None


@pytest.mark.slow
def test_another_clone_finishes_it_too(pinned: Workspace, tmp_path: Path) -> None:
    elsewhere = Workspace(tmp_path / "elsewhere")
    shutil.copytree(pinned.root, elsewhere.root)
    # One registry, two working trees with a ledger each.
    shutil.rmtree(elsewhere.mlruns)
    elsewhere.mlruns.symlink_to(pinned.mlruns)
    assert client(pinned, "1.1.0", "--die", "mirror").returncode == ENDED
    assert not elsewhere.ledger.exists()
    settled = settle(elsewhere, Registry(elsewhere), "tissue")
    assert settled is not None
    assert ledger(elsewhere) == ledger(pinned) == [("promote", "champion", "1.1.0")]
    assert elsewhere.ledger.read_bytes() == pinned.ledger.read_bytes()


def test_a_claim_that_goes_on_keeps_others_out(
    pinned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed(pinned, host="elsewhere")
    registry = Registry(pinned)
    monkeypatch.setattr(settling, "GLANCE", 0.01)

    def moved_on(seconds: float) -> None:
        registry.client.set_registered_model_tag("tessera-promotion.tissue", "step", "aliases")

    monkeypatch.setattr(settling.time, "sleep", moved_on)
    with pytest.raises(PromotionUnderWayError, match=r"make tissue 1\.1\.0 champion") as caught:
        rollback(pinned, "tissue", "too late")
    assert "tessera history" in caught.value.remedy
    assert aliases(pinned) == {"champion": "1.0.0"}


def test_a_claim_that_stands_still_is_finished(
    pinned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PATIENCE", 0.1)
    monkeypatch.setattr(settling, "GLANCE", 0.02)
    claimed(pinned, host="elsewhere")
    promote(pinned, asked(pinned, "1.2.0", alias="challenger"))
    assert aliases(pinned) == {"champion": "1.1.0", "challenger": "1.2.0", "previous": "1.0.0"}


def test_a_claim_that_came_too_late_is_dropped(pinned: Workspace) -> None:
    old = Registry(pinned)
    claimed(pinned, "1.2.0", process="999999999")
    claim = read_claim(old, "tissue")
    old.client.delete_registered_model("tessera-promotion.tissue")
    promote(pinned, asked(pinned, "1.1.0"))
    assert claim is not None
    assert take(old, claim)
    assert settle(pinned, old, "tissue") is None
    assert read_claim(old, "tissue") is None
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]


def test_only_one_claim_stands(pinned: Workspace) -> None:
    claimed(pinned)
    claim = read_claim(Registry(pinned), "tissue")
    assert claim is not None
    assert take(Registry(pinned), claim)
    assert not take(Registry(pinned), replace(claim, token="another"))
    assert read_claim(Registry(pinned), "tissue") == claim


def test_a_claim_changed_by_hand_is_named(pinned: Workspace) -> None:
    Registry(pinned).client.create_registered_model("tessera-promotion.tissue", {"intent": "{}"})
    with pytest.raises(RegistryError, match=r"tessera-promotion\.tissue is not what Tessera"):
        promote(pinned, asked(pinned, "1.1.0"))


def test_a_full_disk_undoes_the_promotion(
    pinned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(pinned, "1.1.0")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(LedgerError, match="No space left"):
            promote(pinned, request)
    assert read_claim(Registry(pinned), "tissue") is None
    assert aliases(pinned) == {"champion": "1.0.0"}
    assert read_ledger(pinned.ledger).entries == ()
    promote(pinned, request)
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]
