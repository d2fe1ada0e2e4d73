"""Nothing that could name a patient leaves DICOM, whatever attribute, path or failure it was in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset
from pydicom.datadict import dictionary_VR

from pipeline.types import Role
from pipeline.workspace import Workspace
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


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    """A study that runs, and three that fail each in their way; all under a patient's name."""
    folder = tmp_path / f"{CANARY}_folder"
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


@pytest.mark.slow
def test_no_canary_is_found_outside_dicom(
    small_workspace: Workspace, dicom: Path, tmp_path: Path
) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TMPDIR": str(scratch),
        "PYTHONWARNINGS": "default",
    }
    said = b""
    for _ in range(2):  # the second run reads what the first one kept
        command = [sys.executable, "-m", "pipeline", "run", str(dicom), "-o", str(out)]
        done = subprocess.run(
            [*command, "--workspace", str(small_workspace.root)],
            env=environment,
            capture_output=True,
            timeout=300,
        )
        assert done.returncode == 5, done.stderr
        said += done.stdout + done.stderr
    files = [p for f in (out, small_workspace.root, scratch) for p in f.rglob("*") if p.is_file()]
    plain = [path for path in files if path.suffix != ".dcm"]
    assert len(plain) > 12
    uids = _uids(dicom)
    for path in plain:
        content = path.read_bytes()
        for secret in (CANARY, DAY, *uids):
            assert secret.encode() not in content, f"{secret} in {path.name}"
    assert CANARY.encode() not in said
    assert DAY.encode() not in said
    # A folder of the user's own naming is said back to them nowhere but here: not in the results.
    assert not [path for path in files if CANARY in str(path.relative_to(tmp_path))]
    assert list(out.rglob("*.seg.dcm")), "two studies ran"
    assert stat.S_IMODE(small_workspace.site_key.stat().st_mode) == 0o600


def _uids(dicom: Path) -> set[str]:
    found = set()
    for path in dicom.rglob("*.dcm"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        found |= {str(header.StudyInstanceUID), str(header.SOPInstanceUID)}
    return found


def test_the_written_objects_carry_the_identity(small_workspace: Workspace, dicom: Path) -> None:
    from pipeline.batch.batch import run_batch
    from pipeline.batch.setting import open_setting
    from tests.faults.batch import Silent

    out = small_workspace.root.parent / "out"
    run_batch([dicom / f"{CANARY}-fine"], out, open_setting(small_workspace), Silent())
    source = pydicom.dcmread(next((dicom / f"{CANARY}-fine").rglob("*.dcm")))
    written = list(out.rglob("*.dcm"))
    assert len(written) == 3
    for path in written:
        header = pydicom.dcmread(path)
        for keyword in ("PatientName", "PatientID", "PatientBirthDate", "StudyID"):
            assert header[keyword].value == source[keyword].value
        for keyword in ("AccessionNumber", "ReferringPhysicianName", "StudyInstanceUID"):
            assert header[keyword].value == source[keyword].value
        if "FrameOfReferenceUID" in header:
            assert header.FrameOfReferenceUID == source.FrameOfReferenceUID
