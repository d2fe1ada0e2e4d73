from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.batch.batch import run_batch
from pipeline.batch.done import Done
from pipeline.batch.engines.choose import choose
from pipeline.batch.engines.processes import Processes
from pipeline.batch.engines.worker import Place
from pipeline.batch.setting import open_setting
from pipeline.errors import LockError, UsageError
from pipeline.report.row import Status
from pipeline.workspace import Workspace
from tests import bundles
from tests.batch.engines.kill import killer
from tests.batch.test_batch import Silent, run
from tests.conftest import write_study


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    for name in ("first", "second", "third"):
        write_study(tmp_path / "dicom", name)
    return tmp_path / "dicom"


def run_with(place: Workspace, dicom: Path, out: Path, lock: str = "") -> Done:
    setting = open_setting(place)
    engine = Processes(Place(str(place.root), str(out), lock or setting.lock, 1), 2)
    return run_batch([dicom], out, setting, Silent(), engine)


def assert_same_files(one: Path, other: Path) -> None:
    files = [path.relative_to(one) for path in one.glob("study-*/*.dcm")]
    assert files
    for path in files:
        assert (one / path).read_bytes() == (other / path).read_bytes(), path


@pytest.mark.slow
def test_processes_give_the_same_bits_and_a_killed_ones_study_is_done_again(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "killed"
    shutil.rmtree(small_workspace.modules / "tissue")
    bundles.write_bundle(
        small_workspace.modules / "tissue", code=killer(marker), parameters={"threshold": 500.0}
    )
    done = run_with(small_workspace, dicom, tmp_path / "out")
    assert marker.exists(), "a worker was killed"
    assert [row.status for row in done.rows] == [Status.DONE] * 3
    shutil.rmtree(small_workspace.cache)
    alone = run(small_workspace, dicom, tmp_path / "alone")
    assert [row.pseudonym for row in alone.rows] == [row.pseudonym for row in done.rows]
    assert_same_files(tmp_path / "alone", tmp_path / "out")


@pytest.mark.slow
def test_a_worker_refuses_another_lock(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    with pytest.raises(LockError, match="another lock"):
        run_with(small_workspace, dicom, tmp_path / "out", "sha256:" + "0" * 64)
    assert not list((tmp_path / "out").glob("study-*"))


@pytest.mark.parametrize(
    ("name", "jobs", "said"), [("slurm", 1, "no engine"), ("local", -1, "impossible")]
)
def test_an_impossible_engine_is_refused(
    small_workspace: Workspace, tmp_path: Path, name: str, jobs: int, said: str
) -> None:
    setting = open_setting(small_workspace)
    place = Place(str(small_workspace.root), str(tmp_path), setting.lock, 1)
    with pytest.raises(UsageError, match=said):
        choose(name, jobs, "", place, setting)
