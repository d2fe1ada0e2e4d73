"""Nearest voxels between grids whose axes are parallel: one look-up for each axis."""

from __future__ import annotations

import numpy as np
from highdicom import Volume, VolumeGeometry

from pipeline.grid.parallel import Axis, axes_of


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
    axes = axes_of(volume, onto)
    if axes is None:
        return None
    array = np.asarray(volume.array)
    # The last axis first: as a rule grids grow finer, and it costs most for each voxel.
    for axis in sorted(axes, key=lambda axis: -axis.source):
        array = _along(array, axis)
    return np.ascontiguousarray(array.transpose([axis.source for axis in axes]))


def _along(array: np.ndarray, axis: Axis) -> np.ndarray:
    inside = axis.inside
    found = array.take(axis.nearest.clip(0, axis.count - 1), axis=axis.source)
    if not inside.all():
        np.moveaxis(found, axis.source, 0)[~inside] = 0
    return found
