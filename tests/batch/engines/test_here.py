"""One process: the steps of different studies overlap, and the ends come in order."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pipeline.batch.engines.here import Here
from pipeline.batch.request import request
from pipeline.batch.setting import open_setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.report.row import Status
from pipeline.workspace import Workspace
from tests.conftest import write_study

PATIENCE_S = 60.0


@pytest.fixture
def bench(small_workspace: Workspace, tmp_path: Path) -> Bench:
    (tmp_path / "out").mkdir()
    return Bench(open_setting(small_workspace), tmp_path / "out")


@pytest.fixture
def tasks(bench: Bench, tmp_path: Path) -> list[Task]:
    for name in ("one", "two"):
        write_study(tmp_path / "dicom", name)
    cases = [assign(study) for study in scan([tmp_path / "dicom"]).studies]
    wanted = [request(case, bench.setting.lock, bench.setting.intent) for case in cases]
    return [
        Task(number, case, f"study-{number}", asked)
        for number, (case, asked) in enumerate(zip(cases, wanted, strict=True))
    ]


def test_the_next_study_is_appraised_while_one_is_computed(
    bench: Bench, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    second_begun, met = threading.Event(), list[str]()
    appraise, compute = Bench.appraise, Bench.compute

    def noting(self: Bench, study):
        if study.task.number == 1:
            second_begun.set()
        return appraise(self, study)

    def waiting(self: Bench, study):
        if study.task.number == 0:
            met.append("together" if second_begun.wait(PATIENCE_S) else "alone")
        return compute(self, study)

    monkeypatch.setattr(Bench, "appraise", noting)
    monkeypatch.setattr(Bench, "compute", waiting)
    ends = list(Here(bench).run(tasks))
    assert met == ["together"]
    assert [(task.number, ended.row.status) for task, ended in ends] == [
        (0, Status.DONE),
        (1, Status.DONE),
    ]
