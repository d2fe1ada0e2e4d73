from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo.cohort import Cohort
from pipeline.demo.cohorts import write_cohorts
from pipeline.evaluate.cohort.read import cohort_names, read_cohort
from pipeline.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path, cohort: Cohort) -> Workspace:
    made = Workspace(tmp_path)
    write_cohorts(made, cohort.folder, cohort.cases)
    return made


def test_each_module_gets_a_cohort_that_can_be_read(place: Workspace) -> None:
    assert cohort_names(place) == ("demo-brain", "demo-quality", "demo-tissue", "demo-tumour")
    for name in cohort_names(place):
        assert name == f"demo-{read_cohort(place, name).module}"


def test_the_broken_study_is_in_none(place: Workspace) -> None:
    for name in cohort_names(place):
        assert "incomplete" not in {case.name for case in read_cohort(place, name).cases}


def test_the_spoilt_study_is_the_one_quality_ought_to_find(place: Workspace) -> None:
    cases = read_cohort(place, "demo-quality").cases
    spoilt = [case.name for case in cases if case.truth["motion_ghosting"]]
    assert spoilt == ["restless"]
