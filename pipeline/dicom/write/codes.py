"""The coded terms that segmentations and reports are written in."""

from __future__ import annotations

from highdicom.sr import CodedConcept
from pydicom.sr.coding import Code

from pipeline.types import Concept, Verdict

LANGUAGE = CodedConcept("en-GB", "RFC5646", "English (United Kingdom)")
BRAIN_MR = Code("24590-2", "LN", "MR Brain")
BRAIN = Code("12738006", "SCT", "Brain")
SOURCE = Code("260753009", "SCT", "Source")
LESION = Code("52988006", "SCT", "Lesion")
VOLUME = Code("118565006", "SCT", "Volume")
DIAMETER = Code("L0JK", "IBSI", "Maximum 3D Diameter of a Mesh")
UNITS = {
    "1": "no units",
    "%": "percent",
    "mm": "millimeter",
    "mL": "milliliter",
    "ml": "milliliter",
}
VERDICTS = {
    Verdict.PASS: Code("111237", "DCM", "Usable - Meets the quality control standard"),
    Verdict.WARN: Code("111236", "DCM", "Usable - Does not meet the quality control standard"),
    Verdict.FAIL: Code("111235", "DCM", "Unusable - Quality renders image unusable"),
    Verdict.ABSTAIN: Code("82334004", "SCT", "Indeterminate"),
}


def coded(concept: Concept) -> CodedConcept:
    """Turn our term into highdicom's; a meaning is cut at the 64 characters DICOM allows."""
    return CodedConcept(concept.value, concept.scheme, concept.meaning[:64])
