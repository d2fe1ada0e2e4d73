"""Bring an image's air to zero, which all that follows takes for outside."""

from __future__ import annotations

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

# Air as scanners record it is noise, of which no value makes up so much.
CONSTANT_SHARE = 0.2
# What fills the place around a turned image lies this share of its range below it, or more.
GAP_SHARE = 0.05
BRIGHT_PERCENTILE = 99.5
HAIR = 1e-3


def grounded(volume: Volume) -> Volume:
    """Move an image's values so that its air, or what was masked or filled around it, is at zero.

    A negative intercept, z-scores and a padding value change where black lies, not what an image
    shows. An image of no value below zero is returned as it is, unless one other value surrounds
    it; so is one whose air lies about zero already, but for what is filled.

    Parameters
    ----------
    volume : highdicom.Volume
        float32, any axes; more than one value.
    """
    array: Pixels = volume.array
    corner, lowest = array[0, 0, 0], array.min()
    outside = array == corner
    if outside.mean() >= CONSTANT_SHARE:
        if corner == 0:
            return volume
        floor = _floor(array) if corner == lowest else corner
        return volume.with_array(np.where(outside, np.float32(0), array - floor))
    if lowest >= 0:
        return volume
    floor = _floor(array)
    image = np.maximum(array, floor)
    air = np.median(_border(image))
    return volume.with_array(image if abs(air) <= abs(air - floor) else image - floor)


def _floor(array: Pixels) -> np.float32:
    """What becomes zero: the lowest value, or just below the image where a gap tells of filling."""
    lowest = array.min()
    rest = array[array > lowest]
    following = rest.min()
    span = np.percentile(rest, BRIGHT_PERCENTILE) - following
    if following - lowest <= GAP_SHARE * span:
        return np.float32(lowest)
    # Below, not at it: a voxel of zero is none of the image.
    return np.float32(0 if following >= 0 else following - span * HAIR)


def _border(array: Pixels) -> Pixels:
    faces = (np.moveaxis(array, axis, 0)[end] for axis in range(3) for end in (0, -1))
    return np.concatenate([face.ravel() for face in faces])
