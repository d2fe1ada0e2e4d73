from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread

from pipeline.dicom.read.provenance import read_origin
from pipeline.dicom.write.seg.segmentation import write_segmentation
from tests.dicom.write.seg.drawn import SEGMENTS, STAMP, series


@pytest.fixture
def segmentation(tmp_path: Path) -> Path:
    headers, empty = series()
    empty.array[2:4, 3:6, 2:5] = 1
    path = tmp_path / "tissue.seg.dcm"
    write_segmentation(path, empty, SEGMENTS, headers, STAMP, 9000, "Tessera tissue 1.2.0")
    return path


def test_the_stamp_of_a_segmentation_is_read_and_agrees(segmentation: Path) -> None:
    origin = read_origin(segmentation)
    assert (origin.modality, origin.stamps, origin.contradictions) == ("SEG", (STAMP,), ())


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("AlgorithmName", "x"), ("AlgorithmVersion", "9.9.9"), ("AlgorithmParameters", "bundle=x")],
)
def test_a_segment_that_names_another_algorithm_is_a_contradiction(
    segmentation: Path, keyword: str, value: str
) -> None:
    dataset = dcmread(segmentation)
    (item,) = dataset.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence
    setattr(item, keyword, value)
    dataset.save_as(segmentation)
    assert len(read_origin(segmentation).contradictions) == 1
