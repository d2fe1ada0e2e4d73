"""DICOM attributes that classic and enhanced objects share; made-up people only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import FileMetaDataset
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from pipeline.demo.protocol import Plan, Scan

DATE = "20250101"


@dataclass(frozen=True)
class Identity:
    """Who and what a series belongs to.

    Attributes
    ----------
    entropy : str
        Cohort, seed and case: every UID derives from it.
    patient : int
        From 1: the patient is DEMO^01 and so on.
    plan, scan : Plan, Scan
        What is acquired.
    number : int
        Series Number.
    """

    entropy: str
    patient: int
    plan: Plan
    scan: Scan
    number: int

    @property
    def series_entropy(self) -> str:
        """What this series' own UIDs derive from."""
        return f"{self.entropy}/{self.number}"

    @property
    def frame_of_reference(self) -> UID:
        """Shared by the study's series but for one acquired elsewhere."""
        return frame_of_reference(self.series_entropy if self.scan.elsewhere else self.entropy)


def uid(*words: str) -> UID:
    """The same words give the same UID."""
    return generate_uid(entropy_srcs=["tessera demo", *words])


def study_uid(entropy: str) -> UID:
    """Study Instance UID of a case."""
    return uid(entropy, "study")


def frame_of_reference(entropy: str) -> UID:
    """Frame of Reference UID of a case, or of a series apart."""
    return uid(entropy, "frame of reference")


def common(identity: Identity, sop_class: UID, instance: UID, clock: int) -> Dataset:
    """Patient, study, series, equipment and SOP modules; `clock` is seconds into the series."""
    plan, machine = identity.plan, identity.plan.machine
    dataset = Dataset()
    dataset.file_meta = _meta(sop_class, instance)
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, instance
    dataset.PatientName, dataset.PatientID = (
        f"DEMO^{identity.patient:02d}",
        f"DEMO-{identity.patient:02d}",
    )
    dataset.PatientBirthDate, dataset.PatientSex = "", "O"
    dataset.StudyInstanceUID = study_uid(identity.entropy)
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = DATE
    dataset.StudyTime = _time(identity.patient, 0)
    dataset.SeriesTime = dataset.AcquisitionTime = _time(identity.patient, identity.number * 300)
    dataset.ContentTime = _time(identity.patient, identity.number * 300 + clock)
    dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = (
        str(identity.patient),
        "",
        "",
    )
    dataset.StudyDescription = "DEMO BRAIN"
    dataset.Modality, dataset.BodyPartExamined, dataset.PatientPosition = "MR", "BRAIN", "HFS"
    dataset.SeriesInstanceUID = uid(identity.series_entropy, "series")
    dataset.SeriesNumber = identity.number
    dataset.SeriesDescription = identity.scan.description
    dataset.ProtocolName = identity.scan.description
    dataset.Manufacturer, dataset.ManufacturerModelName = machine.manufacturer, machine.model
    dataset.SoftwareVersions = machine.software.split("\\")
    dataset.DeviceSerialNumber, dataset.InstitutionName = "0", "DEMO"
    dataset.FrameOfReferenceUID = identity.frame_of_reference
    dataset.PositionReferenceIndicator = ""
    dataset.MagneticFieldStrength = machine.tesla
    if plan.agent and identity.scan.weighting.sequence.agent:
        dataset.ContrastBolusAgent = plan.agent
    return dataset


def store_pixels(dataset: Dataset, pixels: NDArray[np.uint16], identity: Identity) -> None:
    """Image Pixel module; `pixels` has shape (row, column) or (frame, row, column)."""
    machine = identity.plan.machine
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = pixels.shape[-2:]
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, machine.bits, machine.bits - 1
    dataset.PixelRepresentation = int(machine.signed)
    dataset.PixelData = pixels.astype("<u2").tobytes()


def decimal(values: NDArray[np.float64]) -> list[str]:
    """As decimal strings of at most 16 characters."""
    return [f"{value:.6f}" for value in values + 0.0]


def _meta(sop_class: UID, instance: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return meta


def _time(patient: int, seconds: int) -> str:
    return f"{8 + patient:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"


def coded(value: str, scheme: str, meaning: str) -> Dataset:
    """Item of a code sequence."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item
