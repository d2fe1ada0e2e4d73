from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch import look
from pipeline.batch.done import Done
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


def touch(file: Path) -> None:
    os.utime(file, (1, 1))


def edit_and_set_the_clock_back(file: Path) -> None:
    before = file.stat()
    file.write_bytes(bytes(before.st_size))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def exchange_for_a_copy(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copy2(file, copy)
    copy.replace(file)


CHANGES = (
    touch,
    edit_and_set_the_clock_back,
    exchange_for_a_copy,
    lambda file: file.rename(file.with_name("renamed.dcm")),
    lambda file: file.unlink(),
    lambda file: shutil.copy2(file, file.with_name("one more.dcm")),
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_changes_the_digest(dicom: Path, change: Callable[[Path], object]) -> None:
    first = digest(dicom)
    change(next(dicom.rglob("*.dcm")))
    assert digest(dicom) != first


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


@pytest.fixture
def finished_batch(small_workspace: Workspace, dicom: Path, tmp_path: Path) -> Done:
    return run(small_workspace, dicom, tmp_path / "out")


def test_a_finished_batch_is_known_without_reading_a_header(
    small_workspace: Workspace,
    dicom: Path,
    tmp_path: Path,
    finished_batch: Done,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = (tmp_path / "out" / "cases.csv").read_bytes()
    monkeypatch.setattr(look, "scan", None)
    again = run(small_workspace, dicom, tmp_path / "out")
    assert (again.rows, again.resumed) == (finished_batch.rows, 1)
    assert again.summary.files == finished_batch.summary.files
    assert (tmp_path / "out" / "cases.csv").read_bytes() == cases


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [cut, Path.unlink])
@pytest.mark.parametrize("name", ["tumour.seg.dcm", "report.html", "result.json"])
def test_a_damaged_output_is_made_again(
    small_workspace: Workspace,
    dicom: Path,
    tmp_path: Path,
    finished_batch: Done,
    name: str,
    damage: Callable[[Path], object],
) -> None:
    (study,) = (tmp_path / "out").glob("study-*")
    sizes = {path.name: path.stat().st_size for path in study.glob("*.dcm")}
    damage(study / name)
    again = run(small_workspace, dicom, tmp_path / "out")
    assert again.resumed == 0
    assert {path.name: path.stat().st_size for path in study.glob("*.dcm")} == sizes
    assert run(small_workspace, dicom, tmp_path / "out").resumed == 1


def test_a_batch_finished_with_other_settings_is_done_again(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, finished_batch: Done
) -> None:
    small_workspace.settings.write_text("# another intent\n")
    assert run(small_workspace, dicom, tmp_path / "out").resumed == 0


def test_an_added_study_is_done_and_the_others_are_kept(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, finished_batch: Done
) -> None:
    write_study(dicom, "later")
    again = run(small_workspace, dicom, tmp_path / "out")
    assert (len(again.rows), again.resumed) == (2, 1)
