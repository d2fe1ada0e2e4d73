"""Grids whose axes are parallel, in any order or direction: what is read by axis, not by voxel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from highdicom import Volume, VolumeGeometry
from numpy.typing import NDArray

# How far, in voxels, an axis may drift across a whole grid and still count as parallel.
DRIFT = 1e-3


@dataclass(frozen=True)
class Axis:
    """Which axis of a volume an axis of another grid runs along, and its positions there.

    Attributes
    ----------
    source : int
        Axis of the volume.
    count : int
        Its voxels.
    positions : ndarray of float64
        Where each voxel of the grid lies, in voxels of the volume.
    """

    source: int
    count: int
    positions: NDArray[np.float64]

    @property
    def nearest(self) -> NDArray[np.intp]:
        """The nearest voxel to each position; it may lie outside."""
        # Half-way between two is the later one's, as it is to ITK, though oblique axes round.
        return np.floor(self.positions.round(6) + 0.5).astype(np.intp)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether each position lies in the field of view."""
        return (self.nearest >= 0) & (self.nearest < self.count)


def axes_of(volume: Volume, onto: VolumeGeometry) -> list[Axis] | None:
    """How the axes of `onto` run through `volume`, in their order; None where not in parallel."""
    to_index = np.linalg.inv(volume.affine) @ onto.affine
    steps, counts = to_index[:3, :3], np.array(onto.spatial_shape)
    source = np.abs(steps).argmax(0)
    if len(set(source.tolist())) < 3:
        return None
    along = np.zeros((3, 3), bool)
    along[source, range(3)] = True
    if (np.abs(steps * counts)[~along] > DRIFT).any():
        return None
    middle = to_index[:3, 3] + steps @ ((counts - 1) / 2)
    centred = [np.arange(n) - (n - 1) / 2 for n in counts]
    return [
        Axis(
            int(row), volume.spatial_shape[row], middle[row] + steps[row, column] * centred[column]
        )
        for column, row in enumerate(source)
    ]
