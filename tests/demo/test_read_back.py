from __future__ import annotations

import pytest

from pipeline.demo.cohort import Cohort
from pipeline.dicom.read import volume
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.study import Case


@pytest.fixture(scope="module")
def cases(cohort: Cohort) -> dict[str, Case]:
    """What the pipeline makes of the cohort's folder, by the truth's name of each study."""
    names = {truth.study_uid: truth.name for truth in cohort.cases}
    return {names[study.uid]: assign(study) for study in scan([cohort.dicom]).studies}


def test_every_series_takes_the_role_it_was_acquired_for(
    cohort: Cohort, cases: dict[str, Case]
) -> None:
    for truth in cohort.cases:
        assert set(cases[truth.name].roles) == set(truth.roles), truth.name


def test_scan_leaves_out_the_file_that_is_cut_short(cohort: Cohort) -> None:
    (left,) = scan([cohort.dicom]).left_out
    assert left.code == Code.TRUNCATED
    assert left.path.parent.parent.name == "incomplete"


def test_only_the_incomplete_study_cannot_be_loaded(cases: dict[str, Case]) -> None:
    for name, case in cases.items():
        for series in case.roles.values():
            if name == "incomplete":
                with pytest.raises(InputError) as refused:
                    volume.load(series)
                assert refused.value.code == Code.MISSING_SLICE
            else:
                assert volume.load(series).array.max() > 0
