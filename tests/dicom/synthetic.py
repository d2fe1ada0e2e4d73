"""Small MR series in the classic form, written so that a test can spoil one thing at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, FileDataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage, generate_uid

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def mr_slice(
    study: str, series: str, number: int, pixels: NDArray[np.uint16], step_mm: float = 4.0
) -> FileDataset:
    """One axial T1 slice at z = `step_mm` × `number`; its patient is fictitious."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[series, str(number)])
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = UID(meta.MediaStorageSOPInstanceUID)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = (
        "Secret^Sam",
        "S-1",
        "19700101",
    )
    dataset.FrameOfReferenceUID = generate_uid(entropy_srcs=[study])
    dataset.Modality, dataset.SeriesDescription, dataset.SeriesNumber = "MR", "t1_se_tra", 3
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    dataset.ScanningSequence, dataset.SequenceVariant = "SE", "NONE"
    dataset.RepetitionTime, dataset.EchoTime, dataset.FlipAngle = 500, 10, 90
    dataset.MRAcquisitionType, dataset.InstanceNumber = "2D", number
    dataset.ImagePositionPatient = [-20.0, -30.0, step_mm * number]
    dataset.ImageOrientationPatient, dataset.PixelSpacing = list(AXIAL), [2.0, 1.5]
    dataset.SliceThickness = step_mm
    store(dataset, pixels)
    return dataset


def store(dataset: Dataset, pixels: NDArray[np.uint16]) -> None:
    """Put `pixels`, shape (rows, columns), into `dataset` uncompressed."""
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.PixelData = pixels.astype("<u2").tobytes()


def mr_series(name: str = "one", slices: int = 20) -> list[FileDataset]:
    """A whole series; the voxel at (slice, row, column) holds 100·slice + 10·row + column."""
    study, series = (generate_uid(entropy_srcs=[kind, name]) for kind in ("study", "series"))
    rows, columns = np.mgrid[:6, :5]
    return [
        mr_slice(study, series, number, (100 * number + 10 * rows + columns).astype(np.uint16))
        for number in range(slices)
    ]


def write(datasets: list[FileDataset], folder: Path) -> list[Path]:
    """Save each instance as a file of its own, in an order that is not the slices' order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for dataset in datasets:
        path = folder / f"{str(dataset.SOPInstanceUID)[-12:]}-{len(paths)}.dcm"
        dataset.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths
