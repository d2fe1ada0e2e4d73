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
from pipeline.dicom.write.headers import decimals
from pipeline.types import Segment
from tests.dicom.write.test_seg import AXIAL, CSF, OBLIQUE, SEGMENTS, labelled, series, write

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
