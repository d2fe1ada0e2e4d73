"""The three anatomical planes, seen as radiologists do: patient left on the viewer's right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

from pipeline.types import Point


@dataclass(frozen=True)
class Plane:
    """How a cut through axes (left, posterior, superior) lies on the screen.

    Attributes
    ----------
    name : str
        The plane's name.
    through, across, down : int
        Volume axes along the line of sight, the screen's columns and the screen's rows.
    upward : bool
        The `down` axis grows towards the top of the screen.
    edges : tuple of str
        Patient directions at the left, right, top and bottom edge of the screen.
    """

    name: str
    through: int
    across: int
    down: int
    upward: bool
    edges: tuple[str, str, str, str]


AXIAL = Plane("axial", 2, 0, 1, upward=False, edges=("R", "L", "A", "P"))
CORONAL = Plane("coronal", 1, 0, 2, upward=True, edges=("R", "L", "S", "I"))
SAGITTAL = Plane("sagittal", 0, 1, 2, upward=True, edges=("A", "P", "S", "I"))
PLANES = (AXIAL, CORONAL, SAGITTAL)

Index = tuple[int, int, int]
Scalar = TypeVar("Scalar", bound=np.generic)


def cut(array: NDArray[Scalar], plane: Plane, index: int) -> NDArray[Scalar]:
    """Take one slice of an (x, y, z) array as (row, column), top left of the screen first."""
    # A view: np.take would first copy the whole of an array whose first axis is the fastest.
    piece: NDArray[Scalar] = array[(slice(None),) * plane.through + (index,)].T
    return piece[::-1] if plane.upward else piece


def on_screen(index: Index, plane: Plane, shape: tuple[int, ...]) -> tuple[int, int]:
    """Where voxel `index` appears in the cut through it: (row, column)."""
    row = index[plane.down]
    return shape[plane.down] - 1 - row if plane.upward else row, index[plane.across]


def locate(volume: Volume, at_mm: Point) -> Index:
    """Find the voxel nearest to a patient position (LPS, mm), held inside the volume."""
    found = volume.map_reference_to_indices(np.array([at_mm], float))[0]
    x, y, z = np.clip(found, 0, np.array(volume.spatial_shape) - 1)
    return int(x), int(y), int(z)
