from __future__ import annotations

import os
from pathlib import Path

import pytest

import pipeline
from pipeline.batch.request import answers, finished, request
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.study import Case
from tests.conftest import write_study


@pytest.fixture
def case(tmp_path: Path) -> Case:
    write_study(tmp_path, "one")
    return assign(scan([tmp_path]).studies[0])


def test_the_same_files_lock_and_settings_make_the_same_request(case: Case) -> None:
    assert request(case, "lock", "settings") == request(case, "lock", "settings")


def test_another_lock_other_settings_or_a_touched_file_make_another(case: Case) -> None:
    first = request(case, "lock", "settings")
    assert request(case, "other", "settings") != first
    assert request(case, "lock", "other") != first
    touched = next(iter(case.roles.values())).instances[0].path
    os.utime(touched, (1, 1))
    assert request(case, "lock", "settings") != first


def test_another_tessera_makes_another(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    first = request(case, "lock", "settings")
    monkeypatch.setattr(pipeline, "__version__", "99.0.0")
    assert request(case, "lock", "settings") != first


def test_another_library_makes_another(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    first = request(case, "lock", "settings")
    monkeypatch.setattr("pipeline.batch.request.computing", lambda: "numpy 99.0.0")
    assert request(case, "lock", "settings") != first


def test_a_vanished_file_makes_another_request(case: Case) -> None:
    first = request(case, "lock", "settings")
    next(iter(case.roles.values())).instances[0].path.unlink()
    assert request(case, "lock", "settings") != first


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"request": "another"}', '{"request": "wanted", "outcomes": []}']
)
def test_a_damaged_or_older_record_is_not_taken_for_finished(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text)
    assert finished(tmp_path, "wanted") is None


def test_no_folder_is_not_finished(tmp_path: Path) -> None:
    assert finished(tmp_path / "absent", "wanted") is None


@pytest.mark.parametrize(
    ("text", "answered"),
    [('{"request": "wanted"}', True), ('{"request": "another"}', False), ("{", False)],
)
def test_a_folder_answers_the_request_its_record_names(
    tmp_path: Path, text: str, answered: bool
) -> None:
    (tmp_path / "result.json").write_text(text)
    assert answers(tmp_path, "wanted") is answered
    assert not answers(tmp_path / "absent", "wanted")
