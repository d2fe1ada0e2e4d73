"""One logical image in three objects: everything written refers to all three, frame by frame."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import Dataset, dcmread

from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.write.sr.section import Section
from pipeline.types import Measurement, Prediction, Role
from tests.dicom.oracle.enhanced import concatenation
from tests.dicom.oracle.phantom import Sample
from tests.dicom.oracle.phantom import volume as phantom
from tests.dicom.oracle.phantom import write as write_sample
from tests.dicom.write.seg import drawn as seg
from tests.dicom.write.sr import said as sr

FRAMES = 3  # in each part but the last


@dataclass(frozen=True)
class Written:
    """A concatenation, the volume it makes, and what was written of it."""

    sources: list[Dataset]
    labels: highdicom.Volume
    segmentation: Path
    report: Path


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return write(tmp_path, labelled=slice(None))


def write(folder: Path, labelled: slice) -> Written:
    """Label a few planes of a concatenation and write SEG and SR of them."""
    parts = concatenation(phantom(seg.OBLIQUE), "parts", FRAMES)
    for part in parts:
        part.StudyID = "5"
    source = write_sample(Sample("parts", parts), folder / "source")
    (series,) = scan([source]).studies[0].series
    volume, sources = load(series), reference_headers(series)
    array = np.zeros(volume.spatial_shape, np.uint8)
    array[labelled, 3:9, 4:7] = 1
    labels = volume.with_array(array)
    segmentation, report = folder / "tissue.seg.dcm", folder / "report.sr.dcm"
    seg.write(segmentation, labels, sources, segments=(seg.CSF,))
    volumes = (Measurement("Volume", 0.1, "mL", sr.VOLUME, None, "CSF"),)
    tissue = Section(
        sr.stamp("tissue"), Prediction(measurements=volumes), Role.T1, (seg.CSF,), segmentation
    )
    sr.write(report, sr.QUALITY, tissue, sr.TUMOUR, sources={Role.T1: sources})
    return Written(sources, labels, segmentation, report)


def uids(items: list[Dataset]) -> list[str]:
    return [str(item.ReferencedSOPInstanceUID) for item in items]


def whole(sources: list[Dataset]) -> list[str]:
    return sorted(str(source.SOPInstanceUID) for source in sources)


def test_the_tools_have_nothing_to_say(written: Written) -> None:
    assert seg.complaints(written.segmentation) == []
    assert sr.complaints(written.report) == []
    said = subprocess.run(["dciodvfy", written.segmentation], capture_output=True, text=True)
    assert (said.stdout + said.stderr).split() == ["Segmentation"]


def test_every_frame_names_the_part_and_the_frame_within_it_that_lie_where_it_does(
    written: Written,
) -> None:
    parts = {str(source.SOPInstanceUID): source for source in written.sources}
    groups = dcmread(written.segmentation).PerFrameFunctionalGroupsSequence
    met = set()
    for group in groups:
        (image,) = group.DerivationImageSequence[0].SourceImageSequence
        part, frame = parts[image.ReferencedSOPInstanceUID], int(image.ReferencedFrameNumber)
        drawn_on = part.PerFrameFunctionalGroupsSequence[frame - 1].PlanePositionSequence[0]
        position = group.PlanePositionSequence[0].ImagePositionPatient
        assert position == drawn_on.ImagePositionPatient
        assert image.ReferencedSOPClassUID == part.SOPClassUID
        met.add((image.ReferencedSOPInstanceUID, frame))
    assert len(met) == len(groups) == written.labels.spatial_shape[0]


@pytest.mark.parametrize("plane", [0, 4, -1])
def test_a_segmentation_of_one_plane_still_lists_every_part(tmp_path: Path, plane: int) -> None:
    planes = slice(plane, plane + 1 or None)
    written = write(tmp_path, planes)
    (series,) = dcmread(written.segmentation).ReferencedSeriesSequence
    listed = series.ReferencedInstanceSequence
    assert sorted(uids(listed)) == whole(written.sources)
    assert not [item for item in listed if "ReferencedFrameNumber" in item]
    read = seg.as_highdicom_reads(written.segmentation, written.labels)
    assert np.array_equal(read, written.labels.array)


def test_the_report_refers_to_every_part_in_library_verdict_and_evidence(
    written: Written,
) -> None:
    report = highdicom.sr.srread(written.report)
    (quality,) = report.content.get_image_measurement_groups()
    images = [image.ReferencedSOPSequence[0] for image in quality.source_images]
    assert sorted(uids(images)) == whole(written.sources)
    assert sorted(uids(list(_library(report)))) == whole(written.sources)
    (study,) = report.CurrentRequestedProcedureEvidenceSequence
    evidence = {
        str(series.SeriesInstanceUID): sorted(uids(series.ReferencedSOPSequence))
        for series in study.ReferencedSeriesSequence
    }
    assert evidence[str(written.sources[0].SeriesInstanceUID)] == whole(written.sources)
    # Without a frame number, a reference means all frames of a part (PS3.3 C.17.5).
    assert not [item for item in images if "ReferencedFrameNumber" in item]


def _library(report: Dataset) -> Iterator[Dataset]:
    for item in report.content[0].ContentSequence:
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Image Library":
            for image in item.ContentSequence[0].ContentSequence:
                if image.ValueType == "IMAGE":
                    yield image.ReferencedSOPSequence[0]


def test_a_segment_in_the_report_is_the_segmentations_and_names_the_series(
    written: Written,
) -> None:
    report, drawn = highdicom.sr.srread(written.report), dcmread(written.segmentation)
    (group,) = report.content.get_volumetric_roi_measurement_groups()
    (referred,) = group.referenced_segment[0].ReferencedSOPSequence
    assert referred.ReferencedSOPInstanceUID == drawn.SOPInstanceUID
    series = group.referenced_segment.source_series_for_segmentation
    assert series.value == written.sources[0].SeriesInstanceUID


def test_dsrdump_shows_three_images_for_the_verdict_and_three_in_the_library(
    written: Written,
) -> None:
    if shutil.which("dsrdump") is None:
        pytest.skip("needs dsrdump (dcmtk)")
    shown = subprocess.run(
        ["dsrdump", "+Pu", written.report], check=True, capture_output=True, text=True
    ).stdout
    for source in written.sources:
        assert shown.count(source.SOPInstanceUID) == 2
