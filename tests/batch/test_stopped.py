"""A batch that was stopped: by a signal, by its engine, by a worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.batch.batch import run_batch
from pipeline.batch.record import Ended
from pipeline.batch.setting import open_setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.errors import LockError, UsageError
from pipeline.workspace import Workspace
from tests.batch.test_batch import Silent, digests, run
from tests.conftest import write_study


def test_an_engine_that_does_not_start_leaves_what_earlier_runs_said(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    class Absent:
        def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
            raise UsageError("Nobody answers.", "Start somebody.")

    out, setting = tmp_path / "out", open_setting(small_workspace)
    run(small_workspace, dicom, out)
    before = (out / "cases.csv").read_text()
    shutil.rmtree(next(out.glob("study-*")))
    with pytest.raises(UsageError):
        run_batch([dicom], out, setting, Silent(), Absent())
    assert (out / "cases.csv").read_text() == before


def test_a_worker_that_finds_another_lock_leaves_what_was_done_told(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out, setting = tmp_path / "out", open_setting(small_workspace)
    bench = Bench(setting, out)

    class Stopping:
        def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
            yield tasks[0], bench.process(tasks[0])
            raise LockError("A worker found another lock.", "Run again.")

    with pytest.raises(LockError):
        run_batch([dicom], out, setting, Silent(), Stopping())
    assert json.loads((out / "run.json").read_text())["studies"] == {"done": 1}


def stopped_in_the_middle_of_ten(
    place: Workspace, dicom: Path, out: Path, how: int, seen: int = 2
) -> tuple[int, str]:
    """Exit status and last words of a batch that a signal met when so many studies were there."""
    for number in range(3, 11):
        write_study(dicom, f"study {number}")
    open_setting(place)
    command = [sys.executable, "-m", "pipeline", "run", str(dicom), "-o", str(out)]
    command += ["--workspace", str(place.root), "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 300
    while len(list(out.glob("study-*"))) < seen and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(how)
    _, said = process.communicate(timeout=300)
    return process.returncode, said.splitlines()[-1] if said else ""


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_batch_says_how_far_it_came(
    small_workspace: Workspace, dicom: Path, tmp_path: Path, how: int
) -> None:
    out = tmp_path / "out"
    # When the second is there, the first has been told.
    status, said = stopped_in_the_middle_of_ten(small_workspace, dicom, out, how)
    assert (status, said.partition(";")[0]) == (130, "Interrupted")
    record = json.loads((out / "run.json").read_text())
    assert record["expected"] == 10
    told = record["studies"]["done"]
    # The next study may have been in its writer's hands.
    assert 1 <= told <= len(list(out.glob("study-*"))) < 10
    assert f"{told} of 10" in (out / "index.html").read_text()


@pytest.mark.slow
def test_a_killed_batch_ends_like_an_undisturbed_one(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    stopped_in_the_middle_of_ten(small_workspace, dicom, out, signal.SIGKILL)
    finished = len(digests(tmp_path / "out"))
    assert 1 <= finished < 10, "killed in the middle"
    done = run(small_workspace, dicom, tmp_path / "out")
    assert done.resumed == finished
    assert not list((tmp_path / "out").glob(".partial-*"))
    shutil.rmtree(small_workspace.cache)
    run(small_workspace, dicom, tmp_path / "undisturbed")
    for study in (tmp_path / "undisturbed").glob("study-*"):
        for path in study.glob("*.dcm"):
            assert path.read_bytes() == (tmp_path / "out" / study.name / path.name).read_bytes()
