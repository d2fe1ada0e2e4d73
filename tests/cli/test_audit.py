from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.promote.promote import promote
from pipeline.promote.request import Override, Request
from pipeline.types import Role
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.audit.test_explain import upgrade
from tests.batch.test_batch import run
from tests.cli.test_app import imported, tessera
from tests.conftest import write_study


@pytest.fixture
def upgraded(small_workspace: Workspace) -> Workspace:
    """Tissue 1.1.0 is champion, by override, and pinned."""
    pin(small_workspace)
    upgrade(small_workspace)
    pin(small_workspace, "tissue")
    return small_workspace


def test_history_rollback_and_verify(upgraded: Workspace) -> None:
    place = ("--workspace", upgraded.root)
    told = tessera("history", "tissue", *place)
    assert told.returncode == 0, told.stderr
    assert "override  champion  1.0.0 → 1.1.0  by Ann" in told.stdout
    assert "reason: for a test" in told.stdout
    back = tessera("rollback", "tissue", "--reason", "worse at site B", "--name", "Eve", *place)
    assert back.returncode == 0, back.stderr
    assert "tissue 1.0.0 is champion again, in place of 1.1.0" in back.stdout
    assert "`tessera lock tissue` pins it" in back.stdout
    entries = json.loads(tessera("history", "tissue", "--json", *place).stdout)
    assert [(entry["action"], entry["actor"]) for entry in entries] == [
        ("override", "Ann"),
        ("rollback", "Eve"),
    ]
    again = tessera("rollback", "tissue", "--reason", "why not", *place)
    assert (again.returncode, "no former champion" in again.stderr) == (2, True)
    well = tessera("verify", *place)
    assert (well.returncode, well.stdout) == (0, "Registry, files, lock and ledger agree.\n")


def test_verify_exits_with_1_and_names_what_was_changed(upgraded: Workspace) -> None:
    place = ("--workspace", upgraded.root)
    Registry(upgraded).client.set_registered_model_alias("tessera.tissue", "champion", "1")
    upgraded.ledger.write_bytes(b"")
    found = tessera("verify", *place)
    assert found.returncode == 1
    assert "alias: tissue: champion is 1.0.0 in MLflow, and 1.1.0 by the ledger" in found.stdout
    assert "ledger: tissue: configs/ledger.jsonl lacks entry 1" in found.stdout
    assert "Traceback" not in found.stderr
    mended = json.loads(tessera("verify", "--mend", "--json", *place).stdout)
    assert [entry["sequence"] for entry in mended["mended"]] == [1]
    assert [finding["kind"] for finding in mended["findings"]] == ["alias"]


def test_explain_traces_a_file(upgraded: Workspace, tmp_path: Path) -> None:
    place = ("--workspace", upgraded.root)
    study = write_study(tmp_path / "dicom", "first", (Role.T1, Role.FLAIR))
    run(upgraded, study, tmp_path / "out")
    (path,) = (tmp_path / "out").glob("*/tissue.seg.dcm")
    told = tessera("explain", path, *place)
    assert told.returncode == 0, told.stderr
    assert "tissue 1.1.0" in told.stdout
    assert "override  champion  1.0.0 → 1.1.0  by Ann" in told.stdout
    assert "content: as it was written" in told.stdout
    assert "All that made it is here and unchanged." in told.stdout
    for weights in upgraded.mlruns.rglob("tissue/*/artifacts/bundle/models/*"):
        weights.write_bytes(b"tampered")
    document = json.loads(tessera("explain", path, "--json", *place).stdout)
    assert document["matches"] is False
    assert document["made"][0]["registered"] == "changed"
    absent = tessera("explain", tmp_path / "absent.dcm", *place)
    assert absent.returncode == 2
    assert "does not exist" in absent.stderr


def test_the_verbs_are_listed_without_anything_heavy() -> None:
    assert imported("rollback", "--help") == imported("verify", "--help") == set()
    text = tessera("--help").stdout
    assert all(verb in text for verb in ("rollback", "history", "verify", "explain"))


def test_a_module_that_does_not_exist(upgraded: Workspace) -> None:
    ended = tessera("history", "liver", "--workspace", upgraded.root)
    assert ended.returncode == 2
    assert "quality, tissue, tumour" in ended.stderr


def test_a_challenger_is_told_as_such(upgraded: Workspace) -> None:
    version = Registry(upgraded).version("tissue", "1.0.0")
    promote(upgraded, Request(version, "challenger", override=Override("Ann", "for a trial")))
    told = tessera("history", "tissue", "--workspace", upgraded.root).stdout
    assert "challenger  1.0.0  by Ann" in told
