"""What modules take and give: what a bundle's own code may import, beside errors and metrics.

Arrays on a grid have axes (x, y, z) that run to patient left, posterior and superior (LPS); a
position in millimetres is a patient coordinate in the same frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from highdicom import Volume

Point = tuple[float, float, float]


class Role(StrEnum):
    """The part a series plays in a case."""

    T1 = "T1"
    T1C = "T1c"
    T2 = "T2"
    FLAIR = "FLAIR"


class Verdict(StrEnum):
    """What a gate says of one series."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    ABSTAIN = "abstain"


@dataclass(frozen=True)
class Concept:
    """A coded term, such as ``Concept("65216001", "SCT", "Cerebrospinal fluid")``."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True)
class Segment:
    """One label of a label map.

    Attributes
    ----------
    number : int
        Value in the label map, from 1.
    name : str
        Short name, unique in the module.
    category, type : Concept
        Segmented property category and type (DICOM PS3.3 C.8.20.4).
    colour : tuple of int
        Red, green, blue, 0 to 255, for pictures and viewers.
    """

    number: int
    name: str
    category: Concept
    type: Concept
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Measurement:
    """A figure with its unit in UCUM (``1`` for none) and the coded quantity it measures.

    `role` says which series was measured, None for the case as a whole; `segment` names the label
    or region it describes, empty where it describes the image.
    """

    name: str
    value: float
    unit: str
    concept: Concept
    role: Role | None = None
    segment: str = ""


@dataclass(frozen=True)
class Finding:
    """One connected lesion.

    Attributes
    ----------
    number : int
        From 1, largest first.
    volume_ml : float
        Voxels times voxel volume.
    longest_diameter_mm : float
        Greatest distance between two of its voxels' centres in patient space.
    centroid_mm : tuple of float
        Patient position, LPS.
    confidence : float
        0 to 1, as the module defines it: a mean probability inside, or a calibrated chance.
    """

    number: int
    volume_ml: float
    longest_diameter_mm: float
    centroid_mm: Point
    confidence: float


@dataclass(frozen=True)
class Assessment:
    """A gate's verdict on one series, with the reason a technologist reads."""

    role: Role
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Prediction:
    """What a module computed, and nothing about who computed it: the runner stamps that.

    Attributes
    ----------
    labels : ndarray of uint8, shape (x, y, z), or None
        On the grid the contract asked for; 0 is background, the others are its segments.
    measurements, findings, assessments
        See their types; empty where the module has none.
    """

    labels: NDArray[np.uint8] | None = None
    measurements: tuple[Measurement, ...] = ()
    findings: tuple[Finding, ...] = ()
    assessments: tuple[Assessment, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """What a module may look at.

    Attributes
    ----------
    volumes : mapping of Role to highdicom.Volume
        On the contract's grid, all of one shape and affine; roles without a series are absent.
    native : mapping of Role to highdicom.Volume
        The same series as acquired, in their own geometry.
    upstream : mapping of str to Prediction
        By module name, label maps resampled to this grid.
    parameters : mapping of str to float
        The bundle's own thresholds, from ``parameters`` in configs/inference.json.
    """

    volumes: Mapping[Role, Volume]
    native: Mapping[Role, Volume]
    upstream: Mapping[str, Prediction] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
