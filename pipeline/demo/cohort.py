"""Write the demo cohort: seven studies as scanners would send them, and the truth of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.demo.catalogue import PLANS
from pipeline.demo.phantom import load_phantom
from pipeline.demo.study import write_study
from pipeline.demo.truth import TruthCase
from pipeline.errors import OutputError

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Cohort:
    """A cohort on disk: DICOM below `dicom`, a folder a case, and the truth of each case."""

    folder: Path
    dicom: Path
    cases: tuple[TruthCase, ...]


def write_cohort(
    folder: Path, seed: int = 0, progress: Progress | None = None, spacing: int = 1
) -> Cohort:
    """Write `folder`/dicom/<case>/<series>/*.dcm and `folder`/truth/<case>/.

    The same seed and spacing write the same bytes. Nothing is downloaded.

    Parameters
    ----------
    folder : Path
        Made where it is missing; files of an earlier cohort are overwritten.
    seed : int
        Chooses head shapes, poses, tumours' outlines, texture and noise.
    progress : callable, optional
        Called with a case's name, its number from 1 and the number of cases, before it is written.
    spacing : int
        Voxel size of phantom and truth in mm; in-plane pixels grow in proportion. 1 is realistic,
        3 is quick.

    Returns
    -------
    Cohort
        Where it lies and what is true of it.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    phantom = load_phantom(spacing)
    try:
        cases = []
        for number, plan in enumerate(PLANS, start=1):
            if progress:
                progress(plan.name, number, len(PLANS))
            cases.append(write_study(folder, phantom, plan, number, seed))
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror}.",
            "Choose a folder with room and permission.",
        ) from error
    return Cohort(folder, folder / "dicom", tuple(cases))
