"""Wrap any volume as a classic MR series, as a scanner would have written it."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
from highdicom import Volume
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

from pipeline.types import Role

SEQUENCES = {
    Role.T1: ("ax T1 se", "SE", "NONE", 550.0, 12.0, None, ""),
    Role.T1C: ("ax T1 se post Gd", "SE", "NONE", 550.0, 12.0, None, "Gadobutrol"),
    Role.T2: ("ax T2 tse", "SE", "SK", 4500.0, 98.0, None, ""),
    Role.FLAIR: ("ax T2 FLAIR", ["SE", "IR"], "SK", 9000.0, 110.0, 2500.0, ""),
}


def read_nifti(path: Path, frame_of_reference: str = "") -> Volume:
    """A NIfTI image as a volume in LPS."""
    image = nibabel.load(path)
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    array = np.squeeze(np.asarray(image.dataobj)).astype(np.float32)
    return Volume(
        array,
        affine,
        coordinate_system="PATIENT",
        frame_of_reference_uid=frame_of_reference or generate_uid(entropy_srcs=[str(path)]),
    )


def wrap(volume: Volume, folder: Path, role: Role, study: str, number: int = 1) -> Path:
    """Write `volume` to `folder`, one file a slice along its last axis.

    Intensities are shifted and scaled to 12 bits; study and series UIDs follow from `study`, role
    and number alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    array = volume.array - volume.array.min()
    stored = np.rint(array * (4095.0 / max(float(array.max()), 1e-6))).astype("<u2")
    series = generate_uid(entropy_srcs=[study, role, str(number)])
    for k in range(stored.shape[2]):
        dataset = _slice(role, study, series, number, k)
        dataset.FrameOfReferenceUID = volume.frame_of_reference_uid
        affine = np.asarray(volume.affine)
        along = affine[:3, :2] / np.linalg.norm(affine[:3, :2], axis=0)
        # Rows run along the second axis, columns along the first.
        dataset.ImageOrientationPatient = [f"{x:.9f}"[:16] for x in along.T.ravel()]
        position = affine[:3, :3] @ [0, 0, k] + affine[:3, 3]
        dataset.ImagePositionPatient = [f"{x:.6f}"[:16] for x in position]
        dataset.PixelSpacing = [float(volume.spacing[1]), float(volume.spacing[0])]
        dataset.SliceThickness = dataset.SpacingBetweenSlices = float(volume.spacing[2])
        pixels = stored[:, :, k].T
        dataset.Rows, dataset.Columns = pixels.shape
        dataset.PixelData = np.ascontiguousarray(pixels).tobytes()
        dataset.save_as(folder / f"{role}{number}-{k:03d}.dcm", enforce_file_format=True)
    return folder


def _slice(role: Role, study: str, series: str, number: int, k: int) -> FileDataset:
    description, sequence, variant, repetition, echo, inversion, agent = SEQUENCES[role]
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[series, str(k)])
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=[study])
    dataset.SeriesInstanceUID, dataset.SeriesNumber = series, number
    dataset.PatientName, dataset.PatientID = "Canary^Nightingale", "CANARY-4711"
    dataset.PatientBirthDate, dataset.PatientSex = "19010203", "O"
    dataset.StudyDate, dataset.StudyTime = "20200102", "101112"
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "1", "ACC-0815", ""
    dataset.Modality, dataset.SeriesDescription = "MR", description
    dataset.Manufacturer, dataset.ManufacturerModelName = "Test", "Wrapper"
    dataset.MagneticFieldStrength = 1.5
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    dataset.ScanningSequence, dataset.SequenceVariant, dataset.ScanOptions = sequence, variant, ""
    dataset.MRAcquisitionType, dataset.EchoTrainLength = "2D", 1
    dataset.RepetitionTime, dataset.EchoTime, dataset.FlipAngle = repetition, echo, 90
    if inversion is not None:
        dataset.InversionTime = inversion
    if agent:
        dataset.ContrastBolusAgent = agent
    dataset.InstanceNumber, dataset.PositionReferenceIndicator = k + 1, ""
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    return dataset
