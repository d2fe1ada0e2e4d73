"""A small series, a label map drawn on it, and how others read what was written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import highdicom
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.uid import MRImageStorage

from pipeline.dicom.write.provenance import Stamp
from pipeline.dicom.write.seg.segmentation import write_segmentation
from pipeline.result import ModuleRef
from pipeline.types import Concept, Segment

TISSUE = Concept("85756007", "SCT", "Tissue")
CSF = Segment(
    1,
    "CSF",
    Concept("91720002", "SCT", "Body substance"),
    Concept("65216001", "SCT", "Cerebrospinal fluid"),
    (70, 130, 220),
)
GREY = Segment(2, "GM", TISSUE, Concept("389081007", "SCT", "Gray Matter"), (150,) * 3)
WHITE = Segment(3, "WM", TISSUE, Concept("389080008", "SCT", "White Matter"), (235,) * 3)
SEGMENTS = (CSF, GREY, WHITE)
DIGEST = "sha256:" + "a" * 64
STAMP = Stamp(ModuleRef("tissue", "1.2.0", 7, DIGEST, DIGEST, DIGEST, DIGEST), DIGEST, "0.1.0")

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
OBLIQUE = (0.9848, 0.1736, 0.0, -0.1632, 0.9254, -0.3420)
SHAPE = (6, 9, 7)  # slices, rows, columns: a frame is no whole number of bytes


def series(
    orientation: tuple[float, ...] = AXIAL, step_mm: float = 3.0
) -> tuple[list[Dataset], highdicom.Volume]:
    """Headers of a series whose slices lie `step_mm` apart along the normal, and an empty map."""
    right, down = np.array(orientation[:3]), np.array(orientation[3:])
    normal = np.cross(right, down)
    affine = np.eye(4)
    affine[:3] = np.c_[step_mm * normal, 2.0 * down, 1.5 * right, [-20.0, 30.0, 5.0]]
    headers = [header(orientation, affine[:3, 3] + i * affine[:3, 0], i) for i in range(SHAPE[0])]
    frame = str(headers[0].FrameOfReferenceUID)
    empty = np.zeros(SHAPE, np.uint8)
    return headers, highdicom.Volume(empty, affine, "PATIENT", frame_of_reference_uid=frame)


def header(orientation: tuple[float, ...], position: NDArray[np.float64], i: int) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"1.2.3.4.{i + 1}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    dataset.FrameOfReferenceUID, dataset.Modality = "1.2.3.5", "MR"
    dataset.PatientName, dataset.PatientID, dataset.PatientSex = "Secret^Sam", "S-1", "O"
    dataset.PatientBirthDate, dataset.StudyDate, dataset.StudyTime = "19700101", "20200102", "1011"
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "5", "A-9", "Who^Doc"
    dataset.Rows, dataset.Columns, dataset.PixelSpacing = SHAPE[1], SHAPE[2], [2.0, 1.5]
    dataset.ImageOrientationPatient = list(orientation)
    dataset.ImagePositionPatient = [round(float(x), 6) for x in position]
    dataset.SliceThickness = 3.0
    return dataset


def labelled(volume: highdicom.Volume) -> highdicom.Volume:
    """All three labels somewhere, and one voxel in the last slice's first row, second column."""
    array = np.zeros(volume.spatial_shape, np.uint8)
    array[1, 2:5, 1:4], array[2, 3:6, 2:5], array[2, 4, 3] = 1, 2, 3
    array[-1, 0, 1] = 3
    return volume.with_array(array)


def write(path: Path, labels: highdicom.Volume, sources: list[Dataset], **changes: object) -> str:
    arguments = {"segments": SEGMENTS, "stamp": STAMP, "series_number": 901} | changes
    return write_segmentation(
        path, labels, sources=sources, description="Tessera tissue", **arguments
    )


def from_file(source: Dataset, folder: Path) -> Dataset:
    source.save_as(folder / "source.dcm", implicit_vr=False, little_endian=True)
    return dcmread(folder / "source.dcm", force=True)


def as_highdicom_reads(path: Path, like: highdicom.Volume) -> NDArray[np.uint8]:
    segmentation = highdicom.seg.segread(path)
    volume = segmentation.get_volume(combine_segments=True, dtype=np.uint8, atol=0.01)
    return volume.match_geometry(like, tol=0.01).array


def as_positions_say(path: Path, like: highdicom.Volume) -> NDArray[np.uint8]:
    """Read frames with pydicom alone: each goes where its own patient position says."""
    dataset, array = dcmread(path), np.zeros(like.spatial_shape, np.uint8)
    frames = dataset.pixel_array.reshape(-1, *like.spatial_shape[1:])
    to_index = np.linalg.inv(like.affine)
    for frame, group in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        position = group.PlanePositionSequence[0].ImagePositionPatient
        index = to_index @ [*position, 1.0]
        assert np.allclose(index[1:3], 0, atol=0.01)
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        array[round(index[0])][frame > 0] = number
    return array


def complaints(path: Path) -> list[str]:
    """Lines dciodvfy calls errors; dcmdump must read the file too."""
    for tool in ("dciodvfy", "dcmdump"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (dicom3tools, dcmtk)")
    subprocess.run(["dcmdump", "-q", path], check=True, capture_output=True)
    result = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    assert "Segmentation" in result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith("Error")]
