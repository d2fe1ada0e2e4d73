from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.batch.receipt import Receipt, kept_studies, read_receipt, sources_digest
from pipeline.errors import Code
from pipeline.workspace import Workspace
from tests.batch.test_batch import run
from tests.conftest import write_study

KEY = b"site"


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    write_study(tmp_path / "dicom", "only")
    return tmp_path / "dicom"


def digest(dicom: Path) -> str:
    return sources_digest([dicom], KEY, "lock", "settings")


def manifest(folder: Path, **changes: object) -> Path:
    record = {"sources": "same", "requests": {"study": "wanted"}, "files": 3, "left_out": {}}
    (folder / "run.json").write_text(json.dumps(record | changes))
    return folder / "run.json"


def test_the_digest_of_the_sources_follows_files_lock_settings_and_site(dicom: Path) -> None:
    first = digest(dicom)
    assert digest(dicom) == first
    assert sources_digest([dicom], b"another", "lock", "settings") != first
    assert sources_digest([dicom], KEY, "another", "settings") != first
    assert sources_digest([dicom], KEY, "lock", "another") != first
    file = next(dicom.rglob("*.dcm"))
    os.utime(file, (1, 1))
    touched = digest(dicom)
    file.rename(file.with_name("renamed.dcm"))
    assert len({first, touched, digest(dicom)}) == 3


def test_a_receipt_holds_for_the_same_sources_only(tmp_path: Path) -> None:
    path = manifest(tmp_path, left_out={"not_mr": 2})
    assert read_receipt(path, "same") == Receipt("same", {"study": "wanted"}, 3, {Code.NOT_MR: 2})
    assert read_receipt(path, "other") is None


def test_what_could_not_be_read_may_be_readable_now(tmp_path: Path) -> None:
    assert read_receipt(manifest(tmp_path, left_out={"no_permission": 1}), "same") is None


@pytest.mark.parametrize(
    "changes", [{"requests": None}, {"left_out": {"unheard": 1}}, {"files": []}, {"left_out": []}]
)
def test_a_damaged_receipt_is_none(tmp_path: Path, changes: dict[str, object]) -> None:
    assert read_receipt(manifest(tmp_path, **changes), "same") is None
    assert read_receipt(tmp_path / "absent.json", "same") is None


def test_a_study_that_is_not_there_is_to_be_done(tmp_path: Path) -> None:
    assert kept_studies(tmp_path, Receipt("same", {"study": "wanted"})) == ()


def test_a_finished_batch_is_known_by_its_files_without_opening_one(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = run(small_workspace, dicom, out)
    cases = (out / "cases.csv").read_bytes()
    for path in dicom.rglob("*.dcm"):
        status = path.stat()
        path.write_bytes(bytes(status.st_size))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = run(small_workspace, dicom, out)
    assert (again.rows, again.resumed) == (first.rows, 1)
    assert (again.summary.files, again.summary.left_out) == (first.summary.files, {})
    assert (out / "cases.csv").read_bytes() == cases
