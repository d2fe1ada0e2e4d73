"""The report says what the modules found, of which images, and who found it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.sr.codedict import codes

from pipeline.dicom.write.provenance import read_provenance
from pipeline.dicom.write.sr.section import Section
from pipeline.errors import OutputError
from pipeline.types import (
    Assessment,
    Concept,
    Measurement,
    Prediction,
    Role,
    Verdict,
)
from tests.dicom.write.sr.said import (
    QUALITY,
    SOURCES,
    TUMOUR,
    complaints,
    read,
    stamp,
    tissue,
    write,
)


def test_a_whole_report_is_valid_and_says_who_made_it(tmp_path: Path) -> None:
    path = tmp_path / "report.sr.dcm"
    sections = (QUALITY, tissue(tmp_path), TUMOUR)
    uid = write(path, *sections)
    report = dcmread(path)
    assert report.SOPInstanceUID == uid
    assert (report.PatientName, report.PatientID, report.AccessionNumber) == (
        "Secretsam",
        "S-1",
        "A-9",
    )
    assert read_provenance(report) == tuple(section.stamp for section in sections)
    assert complaints(path) == []


def test_a_verdict_stands_with_its_reason_and_its_series(tmp_path: Path) -> None:
    write(tmp_path / "report.sr.dcm", QUALITY)
    (group,) = read(tmp_path / "report.sr.dcm").get_image_measurement_groups()
    (verdict,) = group.get_qualitative_evaluations(codes.DCM.ImagingSeriesQuality)
    assert verdict.value.meaning == "Usable - Does not meet the quality control standard"
    assert "Some motion." in _comments(group)
    images = {
        image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for image in group.source_images
    }
    assert images == {source.SOPInstanceUID for source in SOURCES[Role.T1]}


def test_a_figure_has_its_name_unit_and_concept_and_an_undefined_one_is_said_in_words(
    tmp_path: Path,
) -> None:
    write(tmp_path / "report.sr.dcm", QUALITY)
    (group,) = read(tmp_path / "report.sr.dcm").get_image_measurement_groups()
    (motion,) = group.get_measurements()
    assert (motion.name.meaning, motion.value, motion.unit.value) == ("Probability", 0.25, "1")
    assert motion[0].ContentSequence[0].TextValue == "motion"
    assert "noise is undefined." in _comments(group)


def _comments(group: highdicom.sr.MeasurementsAndQualitativeEvaluations) -> list[str]:
    items = group[0].ContentSequence
    return [item.value for item in items if item.name == codes.DCM.Comment]


def test_each_segment_is_measured_where_the_segmentation_has_it(tmp_path: Path) -> None:
    section = tissue(tmp_path)
    write(tmp_path / "report.sr.dcm", section)
    segmentation = highdicom.seg.segread(section.segmentation)
    groups = read(tmp_path / "report.sr.dcm").get_volumetric_roi_measurement_groups()
    described = segmentation.SegmentSequence
    assert len(groups) == 2
    for group, segment in zip(groups, described, strict=True):
        (referred,) = group.referenced_segment[0].ReferencedSOPSequence
        assert referred.ReferencedSOPInstanceUID == segmentation.SOPInstanceUID
        assert referred.ReferencedSegmentNumber == segment.SegmentNumber
        assert group.tracking_uid == segment.TrackingUID
        assert group.finding_type == segment.segmented_property_type
        assert [m.value for m in group.get_measurements()] == [0.064]


def test_a_region_that_is_no_segment_has_a_group_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "report.sr.dcm", tissue(tmp_path))
    (group,) = read(tmp_path / "report.sr.dcm").get_image_measurement_groups()
    assert group.tracking_identifier == "tissue brain"
    assert [m.value for m in group.get_measurements()] == [0.128]


def test_a_lesion_lies_at_its_centroid_with_size_and_certainty(tmp_path: Path) -> None:
    write(tmp_path / "report.sr.dcm", TUMOUR)
    (group,) = read(tmp_path / "report.sr.dcm").get_planar_roi_measurement_groups()
    assert np.allclose(group.roi.value, [[1.5, -20.25, 30.125]])
    assert group.roi.frame_of_reference_uid == "1.2.3.5"
    said = {(m.name.meaning, m.value, m.unit.value) for m in group.get_measurements()}
    assert said == {
        ("Volume", 12.5, "mL"),
        ("Maximum 3D Diameter of a Mesh", 33.25, "mm"),
        ("Certainty of Finding", 75.0, "%"),
    }


def test_every_group_names_its_algorithm(tmp_path: Path) -> None:
    path = tmp_path / "report.sr.dcm"
    write(path, QUALITY, tissue(tmp_path), TUMOUR)
    measurements = dcmread(path).ContentSequence[-1]
    names = [
        item.TextValue
        for group in measurements.ContentSequence
        for item in group.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Algorithm Name"
    ]
    assert names == ["tessera.quality", *["tessera.tissue"] * 3, "tessera.tumour"]


def test_a_module_that_found_nothing_is_still_named(tmp_path: Path) -> None:
    path = tmp_path / "report.sr.dcm"
    write(path, replace(TUMOUR, prediction=Prediction()))
    (group,) = read(path).get_image_measurement_groups()
    assert group.tracking_identifier == "tumour"
    assert complaints(path) == []


def test_the_image_library_lists_every_image_once(tmp_path: Path) -> None:
    write(tmp_path / "report.sr.dcm", TUMOUR)
    evidence = dcmread(tmp_path / "report.sr.dcm").CurrentRequestedProcedureEvidenceSequence
    (study,) = evidence
    listed = [
        item.ReferencedSOPInstanceUID
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    ]
    expected = [s.SOPInstanceUID for headers in SOURCES.values() for s in headers]
    assert sorted(listed) == sorted(expected)


def test_one_module_on_two_series_gives_two_groups_of_different_identity(tmp_path: Path) -> None:
    flair = Section(
        stamp("quality", "sha256:flair"),
        Prediction(assessments=(Assessment(Role.FLAIR, Verdict.PASS, ""),)),
        role=Role.FLAIR,
    )
    write(tmp_path / "report.sr.dcm", QUALITY, flair)
    groups = read(tmp_path / "report.sr.dcm").get_image_measurement_groups()
    assert [g.tracking_identifier for g in groups] == ["quality T1", "quality FLAIR"]
    assert len({g.tracking_uid for g in groups}) == 2


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    section = tissue(tmp_path)
    for name in ("once", "again"):
        write(tmp_path / name, QUALITY, section, TUMOUR)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_another_finding_is_another_report(tmp_path: Path) -> None:
    path, (finding,) = tmp_path / "report.sr.dcm", TUMOUR.prediction.findings
    smaller = Prediction(findings=(replace(finding, volume_ml=12.0),))
    assert write(path, TUMOUR) != write(path, replace(TUMOUR, prediction=smaller))


def test_long_codes_and_meanings_fit(tmp_path: Path) -> None:
    concept = Concept("a-code-value-beyond-sixteen", "99TESSERA", "meaning " * 12)
    prediction = Prediction(measurements=(Measurement("m", 1.0, "1", concept, Role.T1),))
    write(tmp_path / "report.sr.dcm", replace(QUALITY, prediction=prediction))
    assert complaints(tmp_path / "report.sr.dcm") == []


def test_a_reason_beyond_the_character_set_moves_the_report_to_utf_8(tmp_path: Path) -> None:
    assessment = Assessment(Role.T1, Verdict.FAIL, "Signal-to-noise ≤ 3.")
    prediction = Prediction(assessments=(assessment,))
    write(tmp_path / "report.sr.dcm", replace(QUALITY, prediction=prediction))
    (group,) = read(tmp_path / "report.sr.dcm").get_image_measurement_groups()
    assert _comments(group) == ["Signal-to-noise ≤ 3."]
    assert complaints(tmp_path / "report.sr.dcm") == []


def test_a_real_multi_frame_object_is_reported_on(tmp_path: Path, real_dicom: Path) -> None:
    files = sorted((real_dicom / "siemens_enhanced_mixed").glob("*.dcm"))
    sources = [dcmread(path, stop_before_pixels=True) for path in files]
    multi_frame = [source for source in sources if source.get("NumberOfFrames") == 96]
    if not multi_frame:
        pytest.skip("needs siemens_enhanced_mixed")
    path = tmp_path / "report.sr.dcm"
    write(path, QUALITY, TUMOUR, sources={Role.T1: multi_frame[:1]})
    assert complaints(path) == []


def test_nothing_is_said_of_the_patient(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        write(tmp_path / "report.sr.dcm", QUALITY, tissue(tmp_path), TUMOUR)
    said = caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in ("Secretsam", "S-1", "19700101", "A-9") if secret in said]


def test_a_segmentation_that_is_gone_is_an_output_error(tmp_path: Path) -> None:
    section = tissue(tmp_path)
    section.segmentation.unlink()
    with pytest.raises(OutputError, match="read back"):
        write(tmp_path / "report.sr.dcm", section)
