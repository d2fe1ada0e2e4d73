"""How strongly waves of six finenesses answer along each axis, voxel by voxel."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Answers:
    """What waves under a Gaussian window (Gabor) answer in the middle of a head.

    Attributes
    ----------
    values : ndarray of float32, shape (3, bands, x, y, z)
        By axis of the wave and by `BANDS`, in units of the mean signal.
    inside : ndarray of bool, shape (x, y, z)
        Where the windows see nothing but the head.
    """

    values: NDArray[np.float32]
    inside: Mask


def answers(block: Image, head: Mask, spacing_mm: tuple[float, float, float]) -> Answers | None:
    """Ask the waves about voxels of about 2 mm; None where the head is too small for them.

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
    whole = ndimage.binary_erosion(inside, iterations=REACH)
    inner = tuple(slice(REACH, -REACH) for _ in range(3))
    if min(image.shape) <= 2 * REACH or np.count_nonzero(whole[inner]) < FEWEST:
        return None
    image = image / np.float32(max(float(image[whole].mean()), 1e-6))
    values = [[_answer(image, axis, band)[inner] for band in BANDS] for axis in range(3)]
    return Answers(np.array(values, np.float32), whole[inner])


def binned(block: Image, head: Mask, spacing_mm: tuple[float, float, float]) -> tuple[Image, Mask]:
    """Means of whole voxels until they are about 2 mm wide, the middle 48 a side."""
    counts = [
        min(number, max(1, round(VOXEL_MM / side)))
        for number, side in zip(block.shape, spacing_mm, strict=True)
    ]
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
