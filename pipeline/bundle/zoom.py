"""A network that works on larger voxels: coarsen the image before it, refine the scores after it.

Equal to MONAI's DivisiblePad and Zoom, held to their results by test.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import floor

import numpy as np

Weights = Callable[[int, int], np.ndarray]


def pad_to(image: np.ndarray, k: int) -> np.ndarray:
    """DivisiblePad(k, method="end"): zeros at the far end of each side of (c, x, y, z)."""
    width = [(0, 0), *((0, -side % k) for side in image.shape[1:])]
    return np.pad(image, width) if any(after for _, after in width) else image


def coarsen(image: np.ndarray, zoom: float) -> np.ndarray:
    """Zoom(zoom, mode="area", keep_size=False) of (c, x, y, z): means of what a voxel covers."""
    return _along_each_axis(image, zoom, area)


def refine(scores: np.ndarray, zoom: float) -> np.ndarray:
    """Zoom(zoom, mode="trilinear", keep_size=False): linear between voxels, held at the rim."""
    return _along_each_axis(scores, zoom, linear)


@lru_cache(maxsize=32)
def area(before: int, after: int) -> np.ndarray:
    """Weights (after, before): each new voxel is the mean of every old one it touches."""
    edge = np.arange(after)
    first, last = edge * before // after, -(-(edge + 1) * before // after)
    old = np.arange(before)
    touched = (old >= first[:, None]) & (old < last[:, None])
    return np.asarray(touched / touched.sum(1, keepdims=True), np.float32)


@lru_cache(maxsize=32)
def linear(before: int, after: int) -> np.ndarray:
    """Weights (after, before): two nearest old voxels by distance, the rim held outside."""
    at = np.clip((np.arange(after) + 0.5) * before / after - 0.5, 0, before - 1)
    distance = np.abs(at[:, None] - np.arange(before))
    return np.asarray(np.clip(1 - distance, 0, None), np.float32)


def _along_each_axis(array: np.ndarray, zoom: float, weights: Weights) -> np.ndarray:
    array = np.asarray(array, np.float32)
    for axis in range(1, 4):
        before = array.shape[axis]
        array = _weighed(array, axis, weights(before, floor(before * zoom)))
    return array


def _weighed(array: np.ndarray, axis: int, table: np.ndarray) -> np.ndarray:
    """Sums along an axis, weighed by the few neighbours in each row of a table (after, before)."""
    # A matrix product would give other bits with another number of threads.
    shape = [-1 if number == axis else 1 for number in range(array.ndim)]
    rows, first, count = np.arange(len(table)), (table > 0).argmax(1), (table > 0).sum(1)
    total = np.float32(0)
    for step in range(int(count.max())):
        column = np.minimum(first + step, table.shape[1] - 1)
        weight = np.where(step < count, table[rows, column], np.float32(0))
        total = total + array.take(column, axis) * weight.reshape(shape)
    return np.asarray(total, np.float32)
