"""What is true of the demo cohort, case by case, and the file that says so."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.errors import Code
from pipeline.types import Role, Verdict


@dataclass(frozen=True)
class TumourVolumes:
    """Whole tumour, core (non-enhancing and enhancing) and enhancing part, ml."""

    whole: float
    core: float
    enhancing: float


@dataclass(frozen=True)
class TissueVolumes:
    """CSF, grey and white matter, ml, as they were before the tumour grew."""

    csf: float
    grey: float
    white: float


@dataclass(frozen=True)
class Move:
    """A series in another frame of reference.

    Attributes
    ----------
    role : Role
        What the series is for.
    matrix : tuple of float
        4 x 4 by rows, rigid, LPS mm: from a position in the truth's frame to where this series
        shows it.
    """

    role: Role
    matrix: tuple[float, ...]


@dataclass(frozen=True)
class TruthCase:
    """One study's truth.

    Attributes
    ----------
    name : str
        Folder under truth/ and dicom/.
    study_uid, frame_of_reference : str
        Of the study, and of the series the truth lies in.
    roles : tuple of Role
        Contrasts the study holds.
    verdict : Verdict
        What the quality gate ought to say of its series.
    code : Code or None
        Why the study, or its tumour part, is to be left out; None where all of it can be done.
    tumour_ml, tissue_ml : TumourVolumes, TissueVolumes
        Volumes on the truth's grid.
    moves : tuple of Move
        Series in another frame of reference.
    """

    name: str
    study_uid: str
    frame_of_reference: str
    roles: tuple[Role, ...]
    verdict: Verdict
    code: Code | None
    tumour_ml: TumourVolumes
    tissue_ml: TissueVolumes
    moves: tuple[Move, ...] = ()


def truth_folder(folder: Path, case: str) -> Path:
    """Where a case's truth lies in a cohort: tissue.nii.gz, tumour.nii.gz and truth.json."""
    return folder / "truth" / case


def write_case(folder: Path, case: TruthCase) -> None:
    """Write a case's truth.json."""
    text = json.dumps(asdict(case), indent=2, sort_keys=True)
    path = truth_folder(folder, case.name) / "truth.json"
    path.write_text(text + "\n", encoding="utf-8")
