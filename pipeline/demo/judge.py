"""How the pipeline did on the demo cohort: Dice and volumes against the known truth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
from highdicom import Volume

from pipeline.demo.labels import FLIP
from pipeline.demo.truth import TruthCase
from pipeline.dicom.read.labels import read_labels
from pipeline.grid.lattice import resample
from pipeline.metrics import dice

# By region, the truth's labels and the segments that stand for them.
TISSUES = {
    "CSF": ((1,), (1, 2)),
    "GM": ((2,), (3, 4)),
    "WM": ((3,), (5,)),
    "brain": ((1, 2, 3), (1, 2, 3, 4, 5)),
}
REGIONS = {
    "whole": ((1, 2, 3), (1, 2, 3)),
    "core": ((2, 3), (2, 3)),
    "enhancing": ((3,), (3,)),
}
Labels = tuple[int, ...]


@dataclass(frozen=True)
class Score:
    """Dice by region on the truth's 1 mm grid; NaN where a region is empty or was not segmented."""

    tissue: Mapping[str, float]
    tumour: Mapping[str, float]


def score(case: TruthCase, truth: Path, results: Path) -> Score:
    """Compare a study's SEG objects with its truth.

    Parameters
    ----------
    case : TruthCase
        What is known of the study.
    truth : pathlib.Path
        The cohort's truth/<case> folder.
    results : pathlib.Path
        The study's output folder.
    """
    return Score(
        _dice(case, truth / "tissue.nii.gz", results / "tissue.seg.dcm", TISSUES),
        _dice(case, truth / "tumour.nii.gz", results / "tumour.seg.dcm", REGIONS),
    )


def _dice(
    case: TruthCase, truth: Path, segmentation: Path, regions: Mapping[str, tuple[Labels, Labels]]
) -> dict[str, float]:
    if not segmentation.exists():
        return dict.fromkeys(regions, math.nan)
    found = read_labels(segmentation)
    if found.frame_of_reference_uid != case.frame_of_reference:
        return dict.fromkeys(regions, math.nan)
    known = _read_truth(truth)
    placed = resample(found, known.get_geometry(), nearest=True).array
    return {
        name: dice(np.isin(placed, segments), np.isin(known.array, labels))
        for name, (labels, segments) in regions.items()
    }


def _read_truth(path: Path) -> Volume:
    image = nibabel.nifti1.load(path)
    array = np.asarray(image.dataobj).astype(np.uint8)
    return Volume(array, FLIP @ image.affine, coordinate_system="PATIENT")
