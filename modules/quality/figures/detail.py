"""Figures of the finest detail an image shows: its noise, its edges, ripples along them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
FEWEST = 50
NORMAL = 0.6745


def noise_level(block: Image, head: Mask) -> float:
    """Standard deviation of the noise over the mean signal of the head; unit 1, lower is better.

    Median of the absolute differences across all three axes of neighbouring voxels, over 0.6745 √8
    (Donoho and Johnstone, Biometrika 81:425, 1994, with Haar's finest diagonal wavelet): anatomy
    has next to nothing there. NaN where the head has too few voxels.
    """
    even = tuple(slice(0, side // 2 * 2) for side in block.shape)
    detail, inside = block[even].astype(np.float32), head[even]
    level = float(block[head].mean()) if np.count_nonzero(head) >= FEWEST else 0.0
    for axis in range(3):
        first, second = (
            tuple(slice(start, None, 2) if a == axis else slice(None) for a in range(3))
            for start in (0, 1)
        )
        detail, inside = detail[second] - detail[first], inside[second] & inside[first]
    if np.count_nonzero(inside) < FEWEST or level <= 0:
        return math.nan
    return float(np.median(np.abs(detail[inside]))) / (NORMAL * math.sqrt(8) * level)


def acutance(block: Image, head: Mask, spacing_mm: tuple[float, float, float]) -> float:
    """Steepness of the steepest hundredth of the head's edges; unit 1/mm, higher is sharper.

    Ninety-ninth percentile of the gradient's magnitude over the mean signal of the head. NaN where
    the head has too few voxels.
    """
    smaller = tuple(slice(0, side - 1) for side in block.shape)
    inside = head[smaller]
    level = float(block[head].mean()) if np.count_nonzero(head) >= FEWEST else 0.0
    if np.count_nonzero(inside) < FEWEST or level <= 0:
        return math.nan
    total = np.zeros(inside.shape, np.float32)
    for axis in range(3):
        others = tuple(
            slice(None) if a == axis else slice(0, n - 1) for a, n in enumerate(block.shape)
        )
        total += np.square(np.diff(block[others], axis=axis) / np.float32(spacing_mm[axis]))
    return float(np.sqrt(np.percentile(total[inside], 99))) / level


def anisotropy(block: Image) -> float:
    """How much rougher one axis is than another; unit 1, lower is better.

    Logarithm of the greatest over the least root mean square of neighbours' differences along the
    axes, in voxels: motion smears along one axis. Voxels that are not cubes raise it too. NaN for
    an even image.
    """
    rough = [_rms(np.diff(block, axis=axis)) for axis in range(3)]
    return math.log(max(rough) / min(rough)) if min(rough) > 0 else math.nan


def ripple(block: Image) -> tuple[float, float]:
    """How fast edges swing back, and how unlike the axes are in that; unit 1.

    Root mean square of second over that of first differences along an axis: its greatest, near 0
    for smooth images, 1 and more for noise; and the logarithm of its greatest over its least, which
    ringing along the phase direction raises, lower is better. NaN for an even image.
    """
    found = []
    for axis in range(3):
        first = np.diff(block, axis=axis)
        steep = _rms(first)
        found.append(_rms(np.diff(first, axis=axis)) / steep if steep > 0 else math.nan)
    if not min(found) > 0:
        return math.nan, math.nan
    return max(found), math.log(max(found) / min(found))


def _rms(values: Image) -> float:
    return math.sqrt(float(np.mean(np.square(values)))) if values.size else math.nan
