"""A study's steps: what one of them cannot do ends the study, and the next ones pass that on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.batch.request import request
from pipeline.batch.setting import open_setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.report.row import Status
from pipeline.result import CaseResult
from pipeline.run.appraise import Appraised
from pipeline.workspace import Workspace
from tests.conftest import write_study


@pytest.fixture
def bench(small_workspace: Workspace, tmp_path: Path) -> Bench:
    (tmp_path / "out").mkdir()
    return Bench(open_setting(small_workspace), tmp_path / "out")


@pytest.fixture
def task(bench: Bench, tmp_path: Path) -> Task:
    write_study(tmp_path / "dicom", "one")
    case = assign(scan([tmp_path / "dicom"]).studies[0])
    wanted = request(case, bench.setting.lock, bench.setting.intent)
    return Task(0, case, "study-one", wanted)


def test_each_step_takes_what_the_last_one_made(bench: Bench, task: Task) -> None:
    appraised = bench.appraise(bench.fetch(task))
    assert isinstance(appraised.made, Appraised)
    computed = bench.compute(appraised)
    assert isinstance(computed.made, CaseResult)
    _, ended = bench.finish(computed)
    assert ended.row.status is Status.DONE
    assert {"read", "quality", "align", "tissue", "tumour", "grid", "write"} <= set(ended.seconds)
    assert (bench.out / task.name / "result.json").is_file()


def test_a_study_without_a_role_ends_before_it_is_read(bench: Bench, task: Task) -> None:
    bare = replace(task, case=replace(task.case, roles={}))
    study = bench.fetch(bare)
    assert isinstance(study.made, InputError)
    ended = bench.process(bare)
    assert (ended.row.status, ended.row.code) == (Status.FAILED, Code.NO_ROLE)
    assert not (bench.out / task.name).exists()


def test_what_a_step_does_not_expect_ends_the_study_without_its_words(
    bench: Bench, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError("Nightingale")

    monkeypatch.setattr("pipeline.run.appraise.arrange", stumble)
    ended = bench.process(task)
    assert (ended.row.status, ended.row.code) == (Status.FAILED, Code.INTERNAL)
    assert "RuntimeError" in str(ended.row)
    assert "Nightingale" not in str(ended.row)
