"""The frames are those that highdicom makes of the same label map, plane by plane."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import highdicom
import numpy as np
import pytest
from highdicom.seg import Segmentation, SegmentDescription
from pydicom import Dataset, dcmread

from pipeline.dicom.write.codes import coded
from pipeline.dicom.write.decimal import decimals
from pipeline.types import Segment
from tests.dicom.write.seg.drawn import AXIAL, CSF, OBLIQUE, SEGMENTS, labelled, series, write

FRAMES = (
    *("NumberOfFrames", "PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"),
    *("PixelData", "SourceImageSequence", "ReferencedSeriesSequence", "DimensionOrganizationType"),
)


def by_highdicom(
    labels: highdicom.Volume, segments: tuple[Segment, ...], sources: list[Dataset]
) -> Dataset:
    described = [
        SegmentDescription(s.number, s.name, coded(s.category), coded(s.type), "MANUAL")
        for s in segments
    ]
    for source in sources:
        source.SpacingBetweenSlices = decimals(labels.spacing[:1])[0]
        for keyword in ("PatientName", "AccessionNumber", "ReferringPhysicianName"):
            source[keyword].value = ""  # highdicom asks for more of them than DICOM does
    made = Segmentation(
        sources,
        labels,
        "BINARY",
        described,
        "1.2.4",
        9,
        "1.2.5",
        1,
        "maker",
        "model",
        "1",
        "serial",
    )
    buffer = BytesIO()
    made.save_as(buffer)
    buffer.seek(0)
    return dcmread(buffer)


def only_frames(dataset: Dataset) -> str:
    return Dataset({dataset[k].tag: dataset[k] for k in FRAMES if k in dataset}).to_json()


@pytest.mark.parametrize("orientation", [AXIAL, OBLIQUE])
@pytest.mark.parametrize("segments", [SEGMENTS, (CSF,)])
def test_frames_are_those_of_highdicom(
    tmp_path: Path, segments: tuple[Segment, ...], orientation: tuple[float, ...]
) -> None:
    sources, empty = series(orientation)
    array = np.minimum(labelled(empty).array, len(segments))
    labels = empty.with_array(array)
    write(tmp_path / "seg.dcm", labels, sources, segments=segments)
    ours, theirs = dcmread(tmp_path / "seg.dcm"), by_highdicom(labels, segments, sources)
    assert json.loads(only_frames(ours)) == json.loads(only_frames(theirs))


def test_one_segment_in_planes_one_after_the_other_is_a_volume(tmp_path: Path) -> None:
    sources, empty = series(OBLIQUE)
    array = np.zeros(empty.spatial_shape, np.uint8)
    array[1:5, 2:6, 1:4] = 1
    labels = empty.with_array(array)
    write(tmp_path / "seg.dcm", labels, sources, segments=(CSF,))
    ours, theirs = dcmread(tmp_path / "seg.dcm"), by_highdicom(labels, (CSF,), sources)
    assert ours.DimensionOrganizationType == "3D"
    assert json.loads(only_frames(ours)) == json.loads(only_frames(theirs))


def test_planes_are_evenly_spaced_where_slices_are_nearly(tmp_path: Path) -> None:
    sources, empty = series(AXIAL)
    sources[2].ImagePositionPatient = [*sources[2].ImagePositionPatient[:2], 11.05]  # 5 + 2 × 3
    array = np.ones(empty.spatial_shape, np.uint8)
    write(tmp_path / "seg.dcm", empty.with_array(array), sources, segments=(CSF,))
    groups = dcmread(tmp_path / "seg.dcm").PerFrameFunctionalGroupsSequence
    heights = [group.PlanePositionSequence[0].ImagePositionPatient[2] for group in groups]
    assert sorted(heights) == [5, 8, 11, 14, 17, 20]
    named = {
        float(group.PlanePositionSequence[0].ImagePositionPatient[2]): str(
            group.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        )
        for group in groups
    }
    assert named[11] == sources[2].SOPInstanceUID
