from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.batch.engines.automatic import Automatic, jobs
from pipeline.batch.engines.choose import choose
from pipeline.batch.engines.here import Here
from pipeline.batch.engines.processes import Processes
from pipeline.batch.engines.worker import Place
from pipeline.batch.setting import open_setting
from pipeline.bundle.runtimes.cores import share
from pipeline.workspace import Workspace

ROOM = 64 * 1024.0


@pytest.mark.parametrize(
    ("studies", "cores", "memory_mib", "wanted"),
    [
        (0, 8, ROOM, 1),
        (1, 8, ROOM, 1),
        (5, 8, ROOM, 1),
        (6, 8, ROOM, 2),
        (100, 1, ROOM, 1),
        (100, 2, ROOM, 2),
        (100, 16, ROOM, 16),
        (100, 16, 7 * 1024.0, 2),
        (100, 16, 512.0, 1),
    ],
)
def test_jobs_are_what_studies_cores_and_memory_are_worth(
    studies: int, cores: int, memory_mib: float, wanted: int
) -> None:
    assert jobs(studies, cores, memory_mib) == wanted


@pytest.fixture
def engine(small_workspace: Workspace, tmp_path: Path) -> Automatic:
    setting = open_setting(small_workspace)
    place = Place(str(small_workspace.root), str(tmp_path), setting.lock, 1)
    chosen = choose("local", 0, "", place, setting)
    assert isinstance(chosen, Automatic)
    return chosen


def test_one_process_is_this_one(engine: Automatic) -> None:
    assert engine.engine(1) == Here(engine.bench)


def test_several_processes_share_the_cores(engine: Automatic) -> None:
    place = replace(engine.place, threads=share(3))
    assert engine.engine(3) == Processes(place, 3)


def test_a_few_studies_are_done_here(engine: Automatic) -> None:
    assert list(engine.run([])) == []
