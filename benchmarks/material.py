"""What is measured: one demo study of four contrasts, and copies of it that no cache knows."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from pipeline.demo.catalogue import PLANS
from pipeline.demo.phantom import load_phantom
from pipeline.demo.study import write_study
from pipeline.workspace import Workspace, create
from tests.bundles import LABELLER, write_bundle

CASE = "frontal"


def write_material(place: Path, spacing: int) -> tuple[Path, Workspace]:
    """Write the study's DICOM and make a workspace from the shipped modules.

    Parameters
    ----------
    place : pathlib.Path
        An empty folder.
    spacing : int
        1 for a study as scanners send it, 3 for one that is quick to compute.
    """
    plan = next(plan for plan in PLANS if plan.name == CASE)
    write_study(place / "cohort", load_phantom(spacing), plan, 1, 0)
    return place / "cohort" / "dicom" / CASE, create(place / "site")


def small_workspace(place: Path) -> Workspace:
    """A workspace whose three modules are the tests' small ones."""
    made = Workspace(place)
    made.configs.mkdir(parents=True)
    write_bundle(made.modules / "quality", level="series")
    write_bundle(made.modules / "tissue", code=LABELLER, parameters={"threshold": 500.0})
    write_bundle(
        made.modules / "tumour", take="all", upstream=("tissue",), at_least=("T1c", "FLAIR")
    )
    return made


def copy_study(source: Path, target: Path, number: int) -> None:
    """Another patient's study: other identifiers, and one voxel, so that nothing is cached."""
    for path in sorted(source.rglob("*.dcm")):
        dataset = pydicom.dcmread(path)
        for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            dataset[name].value = generate_uid(entropy_srcs=[str(dataset[name].value), str(number)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        pixels = dataset.pixel_array.copy()
        pixels[0, 0] = number
        dataset.PixelData = pixels.tobytes()
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(to)
