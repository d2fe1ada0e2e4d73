"""What a segmentation takes over from its source, and what it leaves there."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import Dataset, dcmread

from pipeline.dicom.write.provenance import derive_uid, read_provenance
from tests.dicom.write.seg.drawn import (
    CSF,
    GREY,
    OBLIQUE,
    STAMP,
    WHITE,
    as_positions_say,
    complaints,
    from_file,
    labelled,
    series,
    write,
)


def test_identity_and_frame_of_reference_are_carried_over(tmp_path: Path) -> None:
    sources, empty = series()
    uid = write(tmp_path / "seg.dcm", labelled(empty), sources)
    written = dcmread(tmp_path / "seg.dcm")
    for keyword in (
        *("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID"),
        *("StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName"),
        "FrameOfReferenceUID",
    ):
        assert written[keyword].value == sources[0][keyword].value
    assert written.SOPInstanceUID == uid
    assert written.ContentDate == "20200102"
    assert read_provenance(written) == (STAMP,)


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 192", "Müller^Zoë"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
        (None, "Anonymous"),
    ],
)
def test_names_survive_in_their_character_set(
    tmp_path: Path, character_set: str | list[str] | None, name: str
) -> None:
    sources, empty = series()
    if character_set:
        sources[0].SpecificCharacterSet = character_set
    sources[0].PatientName = name
    sources[0] = from_file(sources[0], tmp_path)
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    written = dcmread(tmp_path / "seg.dcm")
    assert written.PatientName == name
    assert written.PatientName.original_string == sources[0].PatientName.original_string
    assert written.get("SpecificCharacterSet") == sources[0].get("SpecificCharacterSet")


def test_a_segment_name_beyond_the_character_set_moves_the_object_to_utf_8(tmp_path: Path) -> None:
    sources, empty = series()
    sources[0].SpecificCharacterSet, sources[0].PatientName = "ISO_IR 144", "Иванов^Иван"
    other = Dataset()
    other.PatientID, other.TypeOfPatientID = "А-1", "TEXT"  # the letter is Cyrillic
    sources[0].OtherPatientIDsSequence = [other]
    sources[0] = from_file(sources[0], tmp_path)
    segments = (replace(CSF, name="Ödem"), GREY, WHITE)
    write(tmp_path / "seg.dcm", labelled(empty), sources, segments=segments)
    written = dcmread(tmp_path / "seg.dcm")
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert written.PatientName == "Иванов^Иван"
    assert written.OtherPatientIDsSequence[0].PatientID == "А-1"
    assert written.SegmentSequence[0].SegmentLabel == "Ödem"


def test_a_poor_header_still_gives_a_valid_object(tmp_path: Path) -> None:
    sources, empty = series()
    for source in sources:
        source.FrameOfReferenceUID = ""
        source.SpacingBetweenSlices = 0.5  # the gap, not the distance: a common mistake
        for keyword in ("PatientID", "PatientSex", "StudyID", "AccessionNumber", "SliceThickness"):
            del source[keyword]
        source.StudyDate = source.PatientBirthDate = ""
        source.ProcedureCodeSequence = []
    labels = highdicom.Volume(labelled(empty).array, empty.affine, "PATIENT")
    path = tmp_path / "seg.dcm"
    write(path, labels, sources)
    written = dcmread(path)
    assert written.PatientID == ""
    assert written.FrameOfReferenceUID == derive_uid("frame of reference", "1.2.3.4")
    measures = written.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == 3.0
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert complaints(path) == []


def test_slices_parallel_but_for_the_last_digit_are_one_series(tmp_path: Path) -> None:
    sources, empty = series(OBLIQUE)
    sources[1].ImageOrientationPatient = [value + 1e-7 for value in OBLIQUE]
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    assert np.array_equal(as_positions_say(tmp_path / "seg.dcm", empty), labelled(empty).array)


def test_nothing_is_said_of_the_patient(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    sources, empty = series()
    sources[0].PatientName = "Secretsam"  # highdicom would warn of this name and print it
    with caplog.at_level(logging.DEBUG):
        write(tmp_path / "seg.dcm", labelled(empty), sources)
    said = caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in ("Secretsam", "S-1", "19700101", "A-9") if secret in said]


def test_the_headers_given_are_not_changed(tmp_path: Path) -> None:
    sources, empty = series()
    before = [source.to_json() for source in sources]
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    assert [source.to_json() for source in sources] == before
