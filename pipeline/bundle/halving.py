"""A network that works on every other voxel: halve the image before it, double the scores after it.

Equal to MONAI's DivisiblePad and Zoom, held to their results by test.
"""

from __future__ import annotations

import numpy as np


def pad_even(image: np.ndarray) -> np.ndarray:
    """DivisiblePad(k=2, method="end"): a zero at the far end of each odd side of (c, x, y, z)."""
    width = [(0, 0), *((0, side % 2) for side in image.shape[1:])]
    return np.pad(image, width) if any(after for _, after in width) else image


def halve(image: np.ndarray) -> np.ndarray:
    """Zoom(0.5, mode="area", keep_size=False): means of eight voxels; even sides (c, x, y, z)."""
    mean = np.asarray(image, np.float32)
    for axis in range(1, 4):
        first = (slice(None),) * axis
        mean = mean[(*first, slice(0, None, 2))] + mean[(*first, slice(1, None, 2))]
    return mean * np.float32(0.125)


def double(scores: np.ndarray) -> np.ndarray:
    """Zoom(2.0, mode="trilinear", keep_size=False): linear between voxels, held at the rim."""
    fine = np.asarray(scores, np.float32)
    for axis in range(1, 4):
        fine = _doubled(fine, axis)
    return fine


def _doubled(array: np.ndarray, axis: int) -> np.ndarray:
    first = (slice(None),) * axis
    shape = list(array.shape)
    shape[axis] *= 2
    fine = np.empty(shape, np.float32)
    even, odd = fine[(*first, slice(0, None, 2))], fine[(*first, slice(1, None, 2))]
    # Three quarters of the voxel, one quarter of the neighbour on that side.
    even[...] = odd[...] = array * np.float32(0.75)
    quarter = array * np.float32(0.25)
    even[(*first, slice(1, None))] += quarter[(*first, slice(None, -1))]
    even[(*first, slice(0, 1))] += quarter[(*first, slice(0, 1))]
    odd[(*first, slice(None, -1))] += quarter[(*first, slice(1, None))]
    odd[(*first, slice(-1, None))] += quarter[(*first, slice(-1, None))]
    return fine
