"""Whether a label map lies where its image does: beside it, every score would be that of a miss."""

from __future__ import annotations

from itertools import product

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

# Lower and upper bounds of a block of voxels, in voxels, their borders included.
Block = tuple[NDArray[np.float64], NDArray[np.float64]]


def lies_outside(labels: Volume, image: Volume) -> bool:
    """Say whether no label lies in the image's field of view.

    The block that encloses the labels is held against the image's in the axes of either: exact
    where both grids are parallel, and elsewhere in doubt not outside.

    Parameters
    ----------
    labels : highdicom.Volume
        Zero where nothing is labelled; where nothing is at all, its whole grid is looked at.
    image : highdicom.Volume
        In the same frame of reference.
    """
    drawn, seen = _labelled(labels.array), _whole(image.array)
    there = np.linalg.inv(image.affine) @ labels.affine
    return _apart(_moved(drawn, there), seen) or _apart(_moved(seen, np.linalg.inv(there)), drawn)


def _labelled(array: NDArray[np.integer]) -> Block:
    if not array.any():
        return _whole(array)
    kept = [np.flatnonzero(array.any(axis=others)) for others in ((1, 2), (0, 2), (0, 1))]
    return np.array([k[0] for k in kept]) - 0.5, np.array([k[-1] for k in kept]) + 0.5


def _whole(array: NDArray[np.generic]) -> Block:
    return np.full(3, -0.5), np.array(array.shape) - 0.5


def _moved(block: Block, affine: NDArray[np.float64]) -> Block:
    """The block, in other axes, that encloses this one."""
    corners = np.array([(*corner, 1.0) for corner in product(*zip(*block, strict=True))])
    points = (corners @ affine.T)[:, :3]
    return points.min(axis=0), points.max(axis=0)


def _apart(one: Block, other: Block) -> bool:
    return bool(np.any(one[0] >= other[1]) or np.any(one[1] <= other[0]))
