"""Corners planted in every kind of series land on the source's voxels."""

from __future__ import annotations

from pathlib import Path

import highdicom
import numpy as np
import pytest
import SimpleITK as sitk
from pydicom import dcmread

from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import Sample
from tests.dicom.oracle.phantom import write as write_sample
from tests.dicom.write.seg.drawn import as_highdicom_reads, complaints, write

CORNER = (0, 0, 1)


def sampled(name: str) -> Sample:
    return next(sample for sample in samples() if sample.name == name)


@pytest.mark.parametrize(
    "name",
    [
        "rows and columns to LP",
        "rows and columns to PF",
        "rows and columns to HA",
        "double oblique",
        "numbered downwards",
        "pixels not square",
        "big endian",
        "enhanced, per-frame groups",
        "enhanced, frames in no order",
        "enhanced, nothing shared",
        "enhanced, spacing outside its groups",
        "concatenation",
    ],
)
def test_a_planted_corner_lands_on_the_source_voxel_for_voxel(tmp_path: Path, name: str) -> None:
    (given,) = scan([write_sample(sampled(name), tmp_path / "source")]).studies[0].series
    volume, sources = load(given), reference_headers(given)
    array = np.zeros(volume.spatial_shape, np.uint8)
    array[CORNER], array[2:5, 10:20, 5:9], array[-1, -2, -1] = 3, 1, 2
    path = tmp_path / "seg.dcm"
    write(path, volume.with_array(array), sources)
    assert complaints(path) == []
    assert np.array_equal(as_highdicom_reads(path, volume), array)
    marked = {(tuple(index), array[tuple(index)]) for index in np.argwhere(array).tolist()}
    assert as_simpleitk_reads(path, volume) == marked
    written = dcmread(path)
    known = {str(source.SOPInstanceUID): source.SOPClassUID for source in sources}
    (referred,) = written.ReferencedSeriesSequence
    for instance in referred.ReferencedInstanceSequence:
        uid = instance.ReferencedSOPInstanceUID
        assert instance.ReferencedSOPClassUID == known[uid]
    assert written.FrameOfReferenceUID == sources[0].FrameOfReferenceUID
    assert written.PatientName == sources[0].PatientName


def as_simpleitk_reads(path: Path, like: highdicom.Volume) -> set[tuple[tuple[int, ...], int]]:
    """Voxels that SimpleITK finds, frame by frame, put where each frame's position says."""
    dataset, found = dcmread(path, stop_before_pixels=True), set()
    frames = sitk.GetArrayFromImage(sitk.ReadImage(str(path))).reshape(-1, *like.spatial_shape[1:])
    to_index = np.linalg.inv(like.affine)
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        index = to_index @ [*group.PlanePositionSequence[0].ImagePositionPatient, 1.0]
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        found |= {((round(index[0]), int(r), int(c)), number) for r, c in np.argwhere(frame)}
    return found
