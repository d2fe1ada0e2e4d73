from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydicom import dcmread

from pipeline.audit.content import Content
from pipeline.audit.explain import explain
from pipeline.audit.explanation import Pinned, Recorded, Registered
from pipeline.errors import Code, InputError, UsageError
from pipeline.promote.promote import promote
from pipeline.promote.request import Override, Request
from pipeline.types import Role
from pipeline.versions.lock import lock_digest
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests import bundles
from tests.batch.test_batch import run
from tests.conftest import write_study


@pytest.fixture
def objects(small_workspace: Workspace, tmp_path: Path) -> dict[str, Path]:
    """A SEG and the SR of a real run of small modules, by file name."""
    study = write_study(tmp_path / "dicom", "first", (Role.T1, Role.FLAIR))
    run(small_workspace, study, tmp_path / "out")
    return {path.name: path for path in (tmp_path / "out").glob("*/*.dcm")}


def upgrade(workspace: Workspace) -> None:
    """Register another tissue and make it champion."""
    folder = workspace.modules / "tissue"
    shutil.rmtree(folder)
    bundles.write_bundle(
        folder, code=bundles.LABELLER, parameters={"threshold": 600.0}, version="1.1.0"
    )
    version = Registry(workspace).register(folder, trust=True)
    promote(workspace, Request(version, override=Override("Ann", "for a test")))


def test_a_segmentation_is_traced_to_its_version(
    small_workspace: Workspace, objects: dict[str, Path]
) -> None:
    found = explain(small_workspace, objects["tissue.seg.dcm"])
    (made,) = found.made
    version = Registry(small_workspace).version("tissue")
    assert (found.modality, made.stamp.module) == ("SEG", version.module)
    assert made.stamp.lock == lock_digest(small_workspace.lock)
    assert made.registered is Registered.MATCHES
    assert made.pinned is Pinned.SAME_LOCK
    assert made.recorded is Recorded.NEVER
    assert made.aliases == ("champion",)
    assert found.matches


def test_a_report_names_every_module(small_workspace: Workspace, objects: dict[str, Path]) -> None:
    found = explain(small_workspace, objects["report.sr.dcm"])
    assert found.modality == "SR"
    assert {made.stamp.module.name for made in found.made} == {"quality", "tissue", "tumour"}
    assert found.matches


def test_an_object_that_was_edited_is_told_from_one_as_written(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path
) -> None:
    path = objects["tissue.seg.dcm"]
    found = explain(small_workspace, path)
    assert (found.content, found.matches) == (Content.MATCHES, True)
    elsewhere = Path(shutil.copy(path, tmp_path / "copy.dcm"))
    assert explain(small_workspace, elsewhere).content is Content.UNKNOWN
    dataset = dcmread(path)
    dataset.PixelData = bytes(len(dataset.PixelData))
    dataset.save_as(path)
    found = explain(small_workspace, path)
    assert (found.content, found.matches) == (Content.CHANGED, False)


def test_after_an_upgrade_the_evidence_and_the_old_object_are_told_apart(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path
) -> None:
    upgrade(small_workspace)
    (old,) = explain(small_workspace, objects["tissue.seg.dcm"]).made
    assert (old.registered, old.pinned, old.aliases) == (
        Registered.MATCHES,
        Pinned.SAME_LOCK,
        ("previous",),
    )
    pin(small_workspace, "tissue")
    (old,) = explain(small_workspace, objects["tissue.seg.dcm"]).made
    assert old.pinned is Pinned.OTHER
    run(small_workspace, tmp_path / "dicom", tmp_path / "again")
    (path,) = (tmp_path / "again").glob("*/tissue.seg.dcm")
    (new,) = explain(small_workspace, path).made
    assert (new.recorded, new.pinned) == (Recorded.DECIDED, Pinned.SAME_LOCK)
    assert [(entry.move.actor, entry.move.reason) for entry in new.evidence] == [
        ("Ann", "for a test")
    ]
    (old,) = explain(small_workspace, objects["tumour.seg.dcm"]).made
    assert old.pinned is Pinned.PINNED


def test_what_was_changed_since_is_said(
    small_workspace: Workspace, objects: dict[str, Path]
) -> None:
    path = objects["tissue.seg.dcm"]
    upgrade(small_workspace)
    small_workspace.ledger.write_bytes(small_workspace.ledger.read_bytes()[:-3])
    for weights in small_workspace.mlruns.rglob("tissue/*/artifacts/bundle/models/*"):
        weights.write_bytes(b"tampered")
    found = explain(small_workspace, path)
    assert found.made[0].registered is Registered.CHANGED
    assert found.made[0].recorded is Recorded.DAMAGED
    assert not found.matches


def test_in_a_registry_that_never_had_it(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path
) -> None:
    other = Workspace(tmp_path / "other")
    shutil.copytree(small_workspace.modules, other.modules)
    (made,) = explain(other, objects["tissue.seg.dcm"]).made
    assert (made.registered, made.pinned) == (Registered.UNKNOWN, Pinned.NOT)
    assert not made.matches
    assert not other.mlruns.exists()


def test_another_content_under_the_same_number(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path, fresh_store: Path
) -> None:
    other = Workspace(tmp_path / "other")
    shutil.copytree(small_workspace.modules, other.modules)
    other.mlruns.mkdir()
    shutil.copy(fresh_store, other.mlruns / "mlflow.db")
    (other.modules / "tissue" / "docs.md").write_text("other content")
    Registry(other).register(other.modules / "tissue", trust=True)
    (made,) = explain(other, objects["tissue.seg.dcm"]).made
    assert made.registered is Registered.OTHER_CONTENT


def test_an_object_that_contradicts_itself(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path
) -> None:
    dataset = dcmread(objects["tissue.seg.dcm"])
    (item,) = dataset.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence
    item.AlgorithmVersion = "9.9.9"
    dataset.save_as(tmp_path / "edited.dcm")
    found = explain(small_workspace, tmp_path / "edited.dcm")
    assert found.contradictions == (
        "segment 1 names another algorithm than its Contributing Equipment",
    )
    assert not found.matches


def test_files_that_explain_nothing(
    small_workspace: Workspace, objects: dict[str, Path], tmp_path: Path
) -> None:
    source = next((tmp_path / "dicom").rglob("*.dcm"))
    with pytest.raises(UsageError, match="names no module of Tessera") as caught:
        explain(small_workspace, source)
    assert "tessera run" in caught.value.remedy
    (tmp_path / "text.dcm").write_text("no DICOM")
    cut = tmp_path / "cut.dcm"
    cut.write_bytes(objects["tissue.seg.dcm"].read_bytes()[:-100])
    for path, code in (
        (tmp_path / "text.dcm", Code.NOT_DICOM),
        (tmp_path / "absent.dcm", Code.VANISHED),
        (cut, Code.TRUNCATED),
    ):
        with pytest.raises(InputError) as wrong:
            explain(small_workspace, path)
        assert wrong.value.code is code
