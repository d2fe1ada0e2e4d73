"""Figures of an image's k-space: single bad samples, and lines weaker or stronger than the next.

Both look at the series as acquired, float32 (x, y, z): resampling would blur away what they look
for. A spike lies at one place of k-space and a ghost comes from a comb of lines; anatomy
falls off smoothly there, so what sticks out of its surroundings is neither tissue nor noise.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

Image = NDArray[np.float32]
LOWEST = 0.05
AROUND = 9
LEAST = 16
LINES = 32
HALF = 40


def spike(block: Image) -> float:
    """How far the loudest sample of k-space stands above its surroundings; unit 1, lower is better.

    Largest difference, over slices of the three planes taken together, of the logarithm of the
    spectrum's mean magnitude and its median over 9 × 9 samples, below 0.05 cycles a voxel left out:
    the herringbone pattern of a spike in one number. 0.5 to 1 for clean images; e^x is the ratio.
    NaN for a block smaller than 16 voxels.
    """
    found = [_loudest(np.moveaxis(block, axis, 0)) for axis in range(3)]
    return max((value for value in found if math.isfinite(value)), default=math.nan)


def ghost(image: Image, middle: tuple[int, int, int]) -> float:
    """How uneven k-space is from line to line; unit 1, lower is better.

    Largest standard deviation, over the three axes, of the logarithm of a line's mean magnitude
    less the median of its nine neighbours: periodic motion and wrong gains leave a comb, some lines
    weaker than those beside them. Along an axis the whole image counts, or the comb would fall
    between the samples; across it 80 voxels around `middle` do. NaN for fewer than 32 lines.

    Parameters
    ----------
    image : ndarray of float32, shape (x, y, z)
        The series as acquired.
    middle : tuple of int
        Voxel in the middle of the head.
    """
    found = [_unevenness(np.moveaxis(_column(image, middle, axis), axis, 0)) for axis in range(3)]
    return max((value for value in found if math.isfinite(value)), default=math.nan)


def _loudest(slices: Image) -> float:
    height, width = slices.shape[1:]
    if min(height, width) < LEAST or not np.ptp(slices) > 0:
        return math.nan
    window = np.hanning(height)[:, None] * np.hanning(width)
    level = slices.mean((1, 2), keepdims=True)
    magnitude = np.abs(fft.rfft2((slices - level) * window.astype(np.float32), axes=(1, 2)))
    loudness = np.log(magnitude + 1e-6 * magnitude.max()).mean(0)
    above = loudness - ndimage.median_filter(loudness, AROUND)
    frequency = np.hypot(fft.fftfreq(height)[:, None], fft.rfftfreq(width))
    return float(above[frequency > LOWEST].max())


def _column(image: Image, middle: tuple[int, int, int], axis: int) -> Image:
    across = (slice(max(0, m - HALF), m + HALF) for m in middle)
    return image[tuple(slice(None) if a == axis else s for a, s in enumerate(across))]


def _unevenness(lines: Image) -> float:
    count = len(lines)
    if count < LINES or not np.ptp(lines) > 0:
        return math.nan
    magnitude = np.abs(fft.rfft(lines, axis=0)).mean((1, 2))
    loudness = np.log(magnitude + 1e-6 * magnitude.max())
    above = loudness - ndimage.median_filter(loudness, AROUND)
    # The lowest lines are the head's outline, the highest may have been filled with zeros.
    return float(above[4 : len(above) * 85 // 100].std())
