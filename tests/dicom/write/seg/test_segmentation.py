"""What was drawn comes back where it was, whoever reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import highdicom
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pydicom import Dataset, dcmread

from pipeline.errors import BundleError, OutputError
from pipeline.types import Segment
from tests.dicom.write.seg.drawn import (
    AXIAL,
    CSF,
    DIGEST,
    GREY,
    OBLIQUE,
    SAGITTAL,
    SEGMENTS,
    SHAPE,
    STAMP,
    WHITE,
    as_highdicom_reads,
    as_positions_say,
    complaints,
    labelled,
    series,
    write,
)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("orientation", [AXIAL, SAGITTAL, OBLIQUE])
def test_every_voxel_comes_back_where_it_was(
    tmp_path: Path, orientation: tuple[float, ...], backwards: bool
) -> None:
    sources, empty = series(orientation, -3.0 if backwards else 3.0)
    labels, path = labelled(empty), tmp_path / "tissue.seg.dcm"
    write(path, labels, sources)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert complaints(path) == []


def test_the_order_of_headers_does_not_matter_to_the_voxels(tmp_path: Path) -> None:
    sources, empty = series(SAGITTAL)
    labels, path = labelled(empty), tmp_path / "tissue.seg.dcm"
    write(path, labels, sources[::-1])
    assert np.array_equal(as_positions_say(path, labels), labels.array)


@settings(max_examples=25, deadline=None)
@given(array=arrays(np.uint8, SHAPE, elements=st.integers(0, 3)))
def test_any_label_map_survives(
    tmp_path_factory: pytest.TempPathFactory, array: NDArray[np.uint8]
) -> None:
    sources, empty = series(OBLIQUE)
    labels, path = empty.with_array(array), tmp_path_factory.getbasetemp() / "any.seg.dcm"
    write(path, labels, sources)
    assert np.array_equal(as_highdicom_reads(path, labels), array)
    assert np.array_equal(as_positions_say(path, labels), array)


def test_each_frame_names_the_slice_it_was_drawn_on(tmp_path: Path) -> None:
    sources, empty = series(OBLIQUE)
    write(tmp_path / "seg.dcm", labelled(empty), sources)
    positions = {s.SOPInstanceUID: s.ImagePositionPatient for s in sources}
    groups = dcmread(tmp_path / "seg.dcm").PerFrameFunctionalGroupsSequence
    assert len(groups) == 4  # CSF in one slice, grey matter in one, white matter in two
    for group in groups:
        (image,) = group.DerivationImageSequence[0].SourceImageSequence
        drawn_on = positions[image.ReferencedSOPInstanceUID]
        assert group.PlanePositionSequence[0].ImagePositionPatient == drawn_on


def test_a_real_sagittal_series_comes_back(tmp_path: Path, real_dicom: Path) -> None:
    sources = [dcmread(path) for path in sorted((real_dicom / "siemens_hfp").glob("*.dcm"))]
    if not sources:
        pytest.skip("needs siemens_hfp")
    labels, path = labelled(highdicom.get_volume_from_series(sources)), tmp_path / "seg.dcm"
    write(path, labels, [_without_pixels(source) for source in sources[::-1]])
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert complaints(path) == []


def test_a_real_multi_frame_object_comes_back(tmp_path: Path, real_dicom: Path) -> None:
    files = sorted((real_dicom / "siemens_enhanced_mixed").glob("*.dcm"))
    multi_frame = [
        path
        for path in files
        if dcmread(path, specific_tags=[0x00280008]).get("NumberOfFrames") == 96
    ]
    if not multi_frame:
        pytest.skip("needs siemens_enhanced_mixed")
    labels = labelled(highdicom.imread(multi_frame[0]).get_volume())
    path = tmp_path / "seg.dcm"
    write(path, labels, [dcmread(multi_frame[0], stop_before_pixels=True)])
    assert np.array_equal(as_positions_say(path, labels), labels.array)
    assert np.array_equal(as_highdicom_reads(path, labels), labels.array)
    assert complaints(path) == []


def _without_pixels(source: Dataset) -> Dataset:
    del source.PixelData
    return source


def test_an_empty_map_is_written_as_one_empty_plane_a_segment(tmp_path: Path) -> None:
    sources, empty = series(SAGITTAL)
    path = tmp_path / "seg.dcm"
    write(path, empty, sources)
    assert int(dcmread(path).NumberOfFrames) == len(SEGMENTS)
    assert not as_highdicom_reads(path, empty).any()
    assert complaints(path) == []


def test_a_segment_without_voxels_is_described_but_has_no_frame(tmp_path: Path) -> None:
    sources, empty = series()
    path, labels = (
        tmp_path / "seg.dcm",
        empty.with_array((labelled(empty).array == 1) * np.uint8(1)),
    )
    write(path, labels, sources)
    segmentation = highdicom.seg.segread(path)
    assert [s.SegmentLabel for s in segmentation.SegmentSequence] == ["CSF", "GM", "WM"]
    assert int(segmentation.NumberOfFrames) == 1
    assert complaints(path) == []


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    sources, empty = series()
    for name in ("once", "again"):
        write(tmp_path / name, labelled(empty), sources)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()


def test_whatever_differs_is_another_object(tmp_path: Path) -> None:
    sources, empty = series()
    labels, path = labelled(empty), tmp_path / "seg.dcm"
    moved = labels.with_array(np.roll(labels.array, 1, axis=1))
    upgraded = replace(STAMP, module=replace(STAMP.module, version="1.2.1"))
    uids = {
        write(path, labels, sources),
        write(path, moved, sources),
        write(path, labels, sources, stamp=upgraded),
        write(path, labels, sources, stamp=replace(STAMP, inputs=(DIGEST,))),
        write(path, labels, sources, series_number=902),
    }
    assert len(uids) == 5


def test_a_label_nobody_described_is_refused(tmp_path: Path) -> None:
    sources, empty = series()
    with pytest.raises(BundleError, match=r"\[7\]"):
        write(tmp_path / "seg.dcm", empty.with_array(np.full(SHAPE, 7, np.uint8)), sources)


@pytest.mark.parametrize("segments", [(), (CSF, WHITE), (GREY, CSF)])
def test_segments_must_be_numbered_without_gaps(
    tmp_path: Path, segments: tuple[Segment, ...]
) -> None:
    sources, empty = series()
    with pytest.raises(BundleError, match="numbered"):
        write(tmp_path / "seg.dcm", empty, sources, segments=segments)


def test_a_folder_that_is_missing_is_an_output_error(tmp_path: Path) -> None:
    sources, empty = series()
    with pytest.raises(OutputError):
        write(tmp_path / "nowhere" / "seg.dcm", labelled(empty), sources)
