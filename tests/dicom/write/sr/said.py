"""What three modules said of a small study, written and read back."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path

import highdicom
import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import MRImageStorage

from pipeline.dicom.write.provenance import Stamp
from pipeline.dicom.write.seg.segmentation import write_segmentation
from pipeline.dicom.write.sr.report import write_report
from pipeline.dicom.write.sr.section import Section
from pipeline.result import ModuleRef
from pipeline.types import (
    Assessment,
    Concept,
    Finding,
    Measurement,
    Prediction,
    Role,
    Segment,
    Verdict,
)

VOLUME = Concept("118565006", "SCT", "Volume")
PROBABILITY = Concept("122157", "DCM", "Probability")
TISSUE = Concept("85756007", "SCT", "Tissue")
GREY = Segment(1, "GM", TISSUE, Concept("389081007", "SCT", "Gray Matter"), (150,) * 3)
WHITE = Segment(2, "WM", TISSUE, Concept("389080008", "SCT", "White Matter"), (235,) * 3)
DIGEST = "sha256:" + "a" * 64


def stamp(module: str, *inputs: str) -> Stamp:
    return Stamp(ModuleRef(module, "1.2.0", 7, *[DIGEST] * 4), DIGEST, "0.1.0", inputs)


def headers(series: str, slices: int = 4) -> list[Dataset]:
    """Headers of an axial series, fictitious patient."""
    datasets = []
    for i in range(slices):
        dataset = Dataset()
        dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, f"{series}.{i + 1}"
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", series
        dataset.FrameOfReferenceUID, dataset.Modality = "1.2.3.5", "MR"
        dataset.PatientName, dataset.PatientID, dataset.PatientSex = "Secretsam", "S-1", "O"
        dataset.PatientBirthDate, dataset.StudyID, dataset.AccessionNumber = "19700101", "5", "A-9"
        dataset.StudyDate, dataset.StudyTime = "20200102", "1011"
        dataset.Rows, dataset.Columns, dataset.PixelSpacing = 8, 8, [1.0, 1.0]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.ImagePositionPatient, dataset.SliceThickness = [0, 0, i], 1
        datasets.append(dataset)
    return datasets


SOURCES = {Role.T1: headers("1.2.3.4"), Role.FLAIR: headers("1.2.3.9", 3)}
QUALITY = Section(
    stamp("quality", "sha256:t1"),
    Prediction(
        measurements=(
            Measurement("motion", 0.25, "1", PROBABILITY, Role.T1),
            Measurement("noise", math.nan, "1", PROBABILITY, Role.T1),
        ),
        assessments=(Assessment(Role.T1, Verdict.WARN, "Some motion."),),
    ),
    role=Role.T1,
)
TUMOUR = Section(
    stamp("tumour"),
    Prediction(findings=(Finding(1, 12.5, 33.25, (1.5, -20.25, 30.125), 0.75),)),
)


def tissue(folder: Path) -> Section:
    """A tissue section with its segmentation, a slab of grey over a slab of white."""
    array = np.zeros((4, 8, 8), np.uint8)
    array[1], array[2] = 1, 2
    affine = np.eye(4)[[2, 1, 0, 3]]  # slices along z, rows along y, columns along x
    labels = highdicom.Volume(array, affine, "PATIENT", frame_of_reference_uid="1.2.3.5")
    path, segments = folder / "tissue.seg.dcm", (GREY, WHITE)
    write_segmentation(path, labels, segments, SOURCES[Role.T1], stamp("tissue"), 901, "Tissue")
    measurements = (
        Measurement("Volume", 0.064, "mL", VOLUME, None, "GM"),
        Measurement("Volume", 0.064, "mL", VOLUME, None, "WM"),
        Measurement("brain volume", 0.128, "mL", VOLUME, None, "brain"),
    )
    return Section(stamp("tissue"), Prediction(measurements=measurements), None, segments, path)


def write(path: Path, *sections: Section, sources: dict[Role, list[Dataset]] = SOURCES) -> str:
    return write_report(
        path,
        sections=sections,
        sources=sources,
        reference=next(iter(sources)),
        series_number=990,
        description="Tessera report",
    )


def read(path: Path) -> highdicom.sr.MeasurementReport:
    return highdicom.sr.srread(path).content


def complaints(path: Path) -> list[str]:
    """Lines dciodvfy calls errors; dcmdump and dsrdump must read the file too."""
    for tool in ("dciodvfy", "dcmdump", "dsrdump"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (dicom3tools, dcmtk)")
    for tool in ("dcmdump", "dsrdump"):
        subprocess.run([tool, "-q", path], check=True, capture_output=True)
    result = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    assert "Comprehensive3DSR" in result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith("Error")]
