"""Whatever goes wrong outside, a second run ends like an undisturbed one."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from pipeline.batch.batch import run_batch
from pipeline.batch.done import Done
from pipeline.batch.setting import open_setting
from pipeline.dicom.read import volume
from pipeline.errors import Code, OutputError
from pipeline.report.row import Row, Status
from pipeline.workspace import Workspace
from tests.conftest import write_study
from tests.faults.batch import Launcher, Silent, kill_and_resume, left, moments


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        write_study(tmp_path / "dicom", name)
    return tmp_path / "dicom"


def run(place: Workspace, dicom: Path, out: Path, watch: Silent | None = None) -> Done:
    return run_batch([dicom], out, open_setting(place), watch or Silent())


@pytest.mark.slow
def test_a_batch_killed_anywhere_ends_like_an_undisturbed_one(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    launcher = Launcher()
    launcher.run(small_workspace, dicom, tmp_path / "first")
    shutil.rmtree(small_workspace.cache)
    seconds = launcher.run(small_workspace, dicom, tmp_path / "undisturbed")
    wanted = left(tmp_path / "undisturbed")
    assert len(wanted) == 2 * 4
    for number, moment in enumerate(islice(moments(seconds, seed=3), 2)):
        shutil.rmtree(small_workspace.cache, ignore_errors=True)
        out = tmp_path / f"out{number}"
        killed = kill_and_resume(launcher, small_workspace, dicom, out, moment)
        assert killed.left == wanted


class Vanishing(Silent):
    """Takes a file away when the first study begins."""

    def __init__(self, path: Path) -> None:
        self.path, self.away = path, path.with_name("elsewhere")
        self.rows: list[Row] = []

    def scanned(self, found: object) -> None:
        self.path.rename(self.away)

    def done(self, row: Row, resumed: bool) -> None:  # type: ignore[override]
        self.rows.append(row)


def test_a_file_that_vanishes_fails_its_series_and_comes_back_with_the_next_run(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    run(small_workspace, dicom, tmp_path / "undisturbed")
    shutil.rmtree(small_workspace.cache)
    path = sorted((dicom / "first").rglob("*.dcm"))[5]
    watch = Vanishing(path)
    disturbed = run(small_workspace, dicom, tmp_path / "out", watch)
    assert {(row.status, row.code) for row in disturbed.rows} == {
        (Status.DONE, None),
        (Status.PARTLY, Code.VANISHED),
    }
    watch.away.rename(path)
    again = run(small_workspace, dicom, tmp_path / "out")
    assert again.resumed == 1
    assert left(tmp_path / "out") == left(tmp_path / "undisturbed")


def test_a_file_that_vanishes_between_reading_and_writing_leaves_nothing_half_written(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, loads = sorted((dicom / "first").rglob("*.dcm"))[5], volume._pixels

    def take_away(*given: object) -> object:
        array = loads(*given)  # type: ignore[arg-type]
        if path.exists():
            path.rename(path.with_suffix(".away"))
        return array

    with monkeypatch.context() as patched:
        patched.setattr(volume, "_pixels", take_away)
        disturbed = run(small_workspace, dicom, tmp_path / "out")
    assert Code.VANISHED in {row.code for row in disturbed.rows}
    assert not list((tmp_path / "out").glob(".partial-*"))
    path.with_suffix(".away").rename(path)
    run(small_workspace, dicom, tmp_path / "out")
    shutil.rmtree(small_workspace.cache)
    run(small_workspace, dicom, tmp_path / "undisturbed")
    assert left(tmp_path / "out") == left(tmp_path / "undisturbed")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 KiB, or a skip."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_fails_studies_by_name_and_more_space_mends_it(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, tiny_disk: Path
) -> None:
    out = tiny_disk / "out"
    # With no room for the table either, the batch as a whole says so.
    with contextlib.suppress(OutputError):
        rows = run(small_workspace, dicom, out).rows
        assert Code.DISK_FULL in {row.code for row in rows}
    for study in out.glob("study-*"):
        assert (study / "result.json").is_file()
    assert not list(out.glob(".partial-*"))
    subprocess.run(["mount", "-o", "remount,size=64m", str(tiny_disk)], check=True)
    run(small_workspace, dicom, out)
    run(small_workspace, dicom, tmp_path / "undisturbed")
    assert left(out) == left(tmp_path / "undisturbed")


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that even root cannot write to, or a skip."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_output_folder_is_refused_before_anything_runs(
    small_workspace: Workspace, dicom: Path, read_only_disk: Path
) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        run(small_workspace, dicom, read_only_disk / "out")
    assert not list(small_workspace.cache.rglob("*"))
