"""Studies with a word of our own wherever a patient could be named; whoever meets it met a leak."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pydicom
from pydicom import Dataset
from pydicom.datadict import dictionary_VR

from pipeline.types import Role
from tests.conftest import write_study

CANARY = "Qanarius"
DAY, AGE = "19040229", "097Y"
TEXTS = [
    "AccessionNumber",
    "AdditionalPatientHistory",
    "AdmissionID",
    "AdmittingDiagnosesDescription",
    "Allergies",
    "BranchOfService",
    "CurrentPatientLocation",
    "DeviceSerialNumber",
    "EthnicGroup",
    "FillerOrderNumberImagingServiceRequest",
    "ImageComments",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
    "InstitutionName",
    "IssuerOfPatientID",
    "MedicalAlerts",
    "MedicalRecordLocator",
    "MilitaryRank",
    "NameOfPhysiciansReadingStudy",
    "Occupation",
    "OperatorsName",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientAddress",
    "PatientBirthName",
    "PatientComments",
    "PatientID",
    "PatientInsurancePlanCodeSequence",
    "PatientMotherBirthName",
    "PatientName",
    "PatientReligiousPreference",
    "PatientState",
    "PatientTelephoneNumbers",
    "PerformedProcedureStepDescription",
    "PerformedProcedureStepID",
    "PerformingPhysicianName",
    "PhysiciansOfRecord",
    "ProtocolName",
    "ReasonForStudy",
    "ReferringPhysicianAddress",
    "ReferringPhysicianName",
    "RegionOfResidence",
    "RequestedProcedureDescription",
    "RequestedProcedureID",
    "RequestingPhysician",
    "RequestingService",
    "ResponsibleOrganization",
    "ResponsiblePerson",
    "ScheduledPerformingPhysicianName",
    "ScheduledProcedureStepID",
    "ServiceEpisodeID",
    "StationName",
    "StudyComments",
    "StudyDescription",
    "StudyID",
]
DATES = ["PatientBirthDate", "LastMenstrualDate", "AdmittingDate"]


def mark(path: Path) -> list[str]:
    """Put a canary of its own into every identifying attribute; the canaries."""
    dataset, canaries = pydicom.dcmread(path), [DAY, AGE]
    for index, keyword in enumerate(TEXTS):
        canary = f"{CANARY}{index:02d}"
        canaries.append(canary)
        if dictionary_VR(keyword) == "SQ":
            item = Dataset()
            item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = canary, "L", canary
            setattr(dataset, keyword, [item])
        else:
            setattr(dataset, keyword, canary)
    for keyword in DATES:
        setattr(dataset, keyword, DAY)
    dataset.PatientAge, dataset.SeriesDescription = AGE, f"{dataset.SeriesDescription} {CANARY}"
    block = dataset.private_block(0x0011, f"{CANARY} private", create=True)
    block.add_new(1, "LO", f"{CANARY}99")
    dataset.save_as(path)
    return canaries


def plant(folder: Path) -> Path:
    """A study that runs, and three that fail each in their way; all under a patient's name."""
    folder = folder / f"{CANARY}_folder"
    for name in ("fine", "gap", "undecodable", "zipped"):
        study = write_study(folder, f"{CANARY}-{name}", (Role.T1, Role.FLAIR))
        for number, path in enumerate(sorted(study.rglob("*.dcm"))):
            mark(path)
            path.rename(path.with_name(f"{CANARY}^{number}.dcm"))
    for role in (Role.T1, Role.FLAIR):
        sorted((folder / f"{CANARY}-gap" / role).iterdir())[10].unlink()
        path = sorted((folder / f"{CANARY}-undecodable" / role).iterdir())[3]
        broken = pydicom.dcmread(path)
        broken.HighBit = 15
        broken.save_as(path)
    (folder / f"{CANARY}.txt").write_text(f"{CANARY} {DAY}")
    with zipfile.ZipFile(folder / f"{CANARY}.zip", "w") as archive:
        for path in sorted((folder / f"{CANARY}-zipped").rglob("*.dcm")):
            archive.write(path, f"{CANARY}/{path.parent.name}/{path.name}")
            path.unlink()
    return folder


def secrets(dicom: Path) -> set[bytes]:
    """The word, a birth date, and the identifiers of studies and images."""
    found = {CANARY, DAY}
    for path in dicom.rglob("*.dcm"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        found |= {str(header.StudyInstanceUID), str(header.SOPInstanceUID)}
    return {secret.encode() for secret in found}
