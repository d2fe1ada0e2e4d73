"""Nearest voxels between grids whose axes are parallel: one look-up for each axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from highdicom import Volume, VolumeGeometry
from numpy.typing import NDArray

# How far, in voxels, an axis may drift across a whole grid and still count as parallel.
DRIFT = 1e-3


@dataclass(frozen=True)
class Axis:
    """Which axis of a volume an axis of another grid runs along, and its positions there."""

    source: int
    positions: NDArray[np.float64]


def nearest_voxels(volume: Volume, onto: VolumeGeometry) -> np.ndarray | None:
    """Read the voxel of `volume` nearest to each centre of `onto`; zero outside its field of view.

    Parameters
    ----------
    volume : highdicom.Volume
        Label map.
    onto : highdicom.VolumeGeometry
        Where to read it.

    Returns
    -------
    ndarray or None
        Shape of `onto`, dtype of `volume`; None where the axes are not parallel, in any order or
        direction.
    """
    axes = _axes(volume, onto)
    if axes is None:
        return None
    array = np.asarray(volume.array)
    # The last axis first: as a rule grids grow finer, and it costs most for each voxel.
    for axis in sorted(axes, key=lambda axis: -axis.source):
        array = _along(array, axis)
    return np.ascontiguousarray(array.transpose([axis.source for axis in axes]))


def _axes(volume: Volume, onto: VolumeGeometry) -> list[Axis] | None:
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
        Axis(int(row), middle[row] + steps[row, column] * centred[column])
        for column, row in enumerate(source)
    ]


def _along(array: np.ndarray, axis: Axis) -> np.ndarray:
    count = array.shape[axis.source]
    # Half-way between two voxels is the later one's, as it is to ITK, though oblique axes round.
    nearest = np.floor(axis.positions.round(6) + 0.5).astype(np.intp)
    inside = (nearest >= 0) & (nearest < count)
    found = array.take(nearest.clip(0, count - 1), axis=axis.source)
    if not inside.all():
        np.moveaxis(found, axis.source, 0)[~inside] = 0
    return found
