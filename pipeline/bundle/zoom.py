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
        table = weights(before, floor(before * zoom))
        array = np.moveaxis(np.tensordot(table, array, (1, axis)), 0, axis)
    return np.ascontiguousarray(array)
