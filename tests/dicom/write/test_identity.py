from __future__ import annotations

import pytest
from pydicom import Dataset
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from pipeline.dicom.write.identity import (
    UNKNOWN_MOMENT,
    content_moment,
    copy_header,
    require_one_patient,
)
from pipeline.errors import Code, InputError


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ({"SeriesDate": "20200102", "SeriesTime": "101112.5"}, ("20200102", "101112.5")),
        ({"StudyDate": "20200101", "SeriesTime": "101112"}, ("20200101", "000000")),
        ({"SeriesDate": "ANON", "StudyDate": "20200101"}, ("20200101", "000000")),
        ({"SeriesDate": "20200102", "SeriesTime": "noon"}, ("20200102", "000000")),
        ({}, UNKNOWN_MOMENT),
    ],
)
def test_content_takes_its_moment_from_the_source(
    header: dict[str, str], moment: tuple[str, str]
) -> None:
    source = Dataset()
    for keyword, value in header.items():
        source[keyword] = _raw(keyword, value)
    assert content_moment(source) == moment


def _raw(keyword: str, value: str) -> RawDataElement:
    tag, encoded = Tag(keyword), value.encode()
    return RawDataElement(tag, dictionary_VR(tag), len(encoded), encoded, 0, False, True)


def patient(identifier: str) -> Dataset:
    header = Dataset()
    header.PatientID = identifier
    return header


def test_headers_that_name_two_patients_are_refused_and_neither_is_repeated() -> None:
    with pytest.raises(InputError) as refusal:
        require_one_patient([patient("S-1"), patient("S-2")])
    assert refusal.value.code is Code.SEVERAL_PATIENTS
    assert "S-" not in str(refusal.value)


def test_a_header_that_names_no_patient_is_any_patients() -> None:
    require_one_patient([patient("S-1"), patient(""), Dataset(), patient("S-1 ")])


def test_a_changed_copy_leaves_the_header_alone() -> None:
    source = Dataset()
    source.PatientID, source.Rows = "S-1", 4
    copy = copy_header(source, PatientID=None, Columns=5)
    assert (copy.PatientID, copy.Rows, copy.Columns) == (None, 4, 5)
    assert (source.PatientID, "Columns" in source) == ("S-1", False)
