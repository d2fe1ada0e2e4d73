"""How detail of each fineness is spread over the head: along edges alone, or everywhere.

Anatomy is sparse: most of the head is even, detail sits on its edges. Movement, ghosts and noise
leave ripples everywhere. Both can hold the same energy, so that what tells them apart is the shape
of its distribution, which no contrast, coil or scaling changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]

VOXEL_MM = 2.0
SIDE = 48
REACH = 3
FEWEST = 500
# Cycles a voxel of about 2 mm, from waves of 20 mm to the finest that the voxels hold.
BANDS = (0.1, 0.18, 0.26, 0.34, 0.42, 0.5)
STATISTICS = ("level", "spread", "peaks")
NAMES = tuple(
    f"texture.{statistic}.{kind}.{band}"
    for statistic in STATISTICS
    for kind in ("mean", "range")
    for band in range(len(BANDS))
)


def texture(block: Image, head: Mask, spacing_mm: tuple[float, float, float]) -> dict[str, float]:
    """Statistics of waves of six finenesses along the axes; unit 1, NaN for too small a head.

    Waves under a Gaussian window (Gabor) answer to voxels of about 2 mm. Of the answers inside the
    head: ``level``, the logarithm of their root mean square over the mean signal; ``spread``, of
    their mean magnitude over the root mean square, high where detail is everywhere; ``peaks``, of
    their kurtosis, high where it is on few edges. Each as the mean over the axes and the range.

    Parameters
    ----------
    block : ndarray of float32, shape (x, y, z)
        The middle of the series, as acquired.
    head : ndarray of bool, same shape
        The head.
    spacing_mm : tuple of float
        Voxel sides.
    """
    image, inside = binned(block, head, spacing_mm)
    inside = ndimage.binary_erosion(inside, iterations=REACH)
    inner = tuple(slice(REACH, -REACH) for _ in range(3))
    if min(image.shape) <= 2 * REACH or np.count_nonzero(inside[inner]) < FEWEST:
        return dict.fromkeys(NAMES, math.nan)
    level = max(float(image[inside].mean()), 1e-6)
    found = np.array(
        [
            [
                _statistics(_answer(image, axis, band)[inner][inside[inner]], level)
                for axis in range(3)
            ]
            for band in BANDS
        ]
    )
    both = np.stack((found.mean(1), np.ptp(found, axis=1)))
    return dict(zip(NAMES, both.transpose(2, 0, 1).ravel().tolist(), strict=True))


def binned(block: Image, head: Mask, spacing_mm: tuple[float, float, float]) -> tuple[Image, Mask]:
    """Means of whole voxels until they are about 2 mm wide, the middle 48 a side."""
    counts = [max(1, round(VOXEL_MM / side)) for side in spacing_mm]
    kept = []
    for side, count in zip(block.shape, counts, strict=True):
        size = min(side // count, SIDE) * count
        kept.append(slice((side - size) // 2, (side - size) // 2 + size))
    image, inside = block[tuple(kept)], head[tuple(kept)]
    for axis, count in enumerate(counts):
        shape = (*image.shape[:axis], -1, count, *image.shape[axis + 1 :])
        image = image.reshape(shape).mean(axis + 1, dtype=np.float32)
        inside = inside.reshape(shape).all(axis + 1)
    return image, inside


def _answer(image: Image, axis: int, band: float) -> Image:
    at = np.arange(-REACH, REACH + 1)
    window = np.exp(-(at**2) / 2 / (2.0 - 2 * band) ** 2)
    wave = window * np.cos(2 * np.pi * band * at)
    wave -= window * wave.sum() / window.sum()
    for each in range(3):
        line = wave / np.linalg.norm(wave) if each == axis else window / np.linalg.norm(window)
        image = ndimage.correlate1d(image, line, axis=each, mode="nearest")
    return image


def _statistics(values: Image, level: float) -> tuple[float, float, float]:
    values = values - values.mean()
    square = np.square(values)
    power = max(float(square.mean()), 1e-12 * level**2)
    spread = max(float(np.abs(values).mean()), 1e-9 * level) / math.sqrt(power)
    peaks = max(float(np.square(square).mean()) / power**2, 1.0)
    return math.log(math.sqrt(power) / level), math.log(spread), math.log(peaks)
