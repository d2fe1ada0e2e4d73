"""One line of the oracle table: what we make of a series, and whether others agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.errors import Code, InputError
from pipeline.study import Series
from tests.dicom.oracle.compare import (
    WITHIN_MM,
    Agreement,
    Image,
    compare,
    dcm2niix,
    highdicom,
    of,
    simpleitk,
)
from tests.dicom.oracle.phantom import Sample

# Each is asked only where those before it make no one volume, or another one.
ORACLES: dict[str, Callable[[Sequence[Path]], Image | str]] = {
    "dcm2niix": dcm2niix,
    "SimpleITK": simpleitk,
    "highdicom": highdicom,
}


@dataclass(frozen=True)
class Line:
    """A series, our verdict, and what the oracles said of it."""

    name: str
    code: Code | None
    agreement: str
    equal: bool
    wrong: bool

    @property
    def verdict(self) -> str:
        """``read``, or the code it was refused with."""
        return str(self.code) if self.code else "read"


def judge(name: str, series: Series) -> Line:
    """Load a series; where that works, ask dcm2niix, and SimpleITK where it fails or differs."""
    try:
        ours = of(load(series))
    except InputError as error:
        return Line(name, error.code, error.message, equal=False, wrong=False)
    apart = unevenness(series, ours)
    said = [f"positions in the files are uneven by {apart:.1g} mm"] if apart > WITHIN_MM else []
    for program, reads in ORACLES.items():
        theirs = reads([instance.path for instance in series.instances])
        if isinstance(theirs, str):
            said.append(f"{program} makes {theirs}")
            continue
        found = compare(ours, theirs)
        said.append(f"{program}: {_said(found)}")
        if found.within(apart):
            return Line(name, None, "; ".join(said), equal=True, wrong=False)
    return Line(name, None, "; ".join(said), equal=False, wrong=True)


def unevenness(series: Series, ours: Image) -> float:
    """How far the files' own positions lie from our grid, mm: no grid could do much better."""
    if series.frames != len(series.instances):
        return 0.0
    positions = [header.ImagePositionPatient for header in reference_headers(series)]
    indices = np.c_[np.arange(len(positions)), np.zeros((len(positions), 2))]
    grid = indices @ ours.affine[:3, :3].T + ours.affine[:3, 3]
    return float(np.abs(np.array(positions, float) - grid).max())


def judge_sample(sample: Sample, folder: Path) -> Line:
    """Judge a synthesised series, whose right answer is known."""
    studies = scan([folder]).studies
    if len(studies) != 1 or len(studies[0].series) != 1:
        return Line(sample.name, None, "not one series", equal=False, wrong=True)
    (series,) = studies[0].series
    line = judge(sample.name, series)
    if sample.truth is None or line.code is not None:
        right = line.code is sample.refused
        return Line(sample.name, line.code, line.agreement, equal=False, wrong=not right)
    truth = compare(of(load(series)), Image(np.asarray(sample.truth.array), sample.truth.affine))
    told = f"truth: {_said(truth)}; {line.agreement}"
    return Line(sample.name, None, told, equal=line.equal, wrong=not truth.within())


def _said(found: Agreement) -> str:
    return f"values {found.values:.1g}, affine {found.affine_mm:.1g} mm"
