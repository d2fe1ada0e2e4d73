"""Where a head ends flat: cut off by the field of view, or by whoever emptied some slices."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def flat_ends(head: Mask) -> tuple[float, float]:
    """Largest part of the head that ends in one plane, at the feet and elsewhere; lower is better.

    Voxels of the head whose next one is not of it, in the slice where they are most, over the
    head's largest cross-section along that axis; unit 1, 0 to 1. Most scans end in the neck, hence
    two figures. NaN for no head.

    Parameters
    ----------
    head : ndarray of bool, shape (x, y, z)
        Axes LPS: the feet are at z = 0. Beyond the array there is no head.
    """
    if not head.any():
        return math.nan, math.nan
    found = [
        [_flattest(np.moveaxis(head, axis, 0)[::step]) for step in (1, -1)] for axis in range(3)
    ]
    feet = found[2][1]
    return feet, max(*found[0], *found[1], found[2][0])


def _flattest(slices: Mask) -> float:
    """Of the ends towards higher indices."""
    area = np.count_nonzero(slices, axis=(1, 2))
    beyond = np.concatenate([slices[1:], np.zeros_like(slices[:1])])
    ends = np.count_nonzero(slices & ~beyond, axis=(1, 2))
    return float(ends.max() / area.max())
