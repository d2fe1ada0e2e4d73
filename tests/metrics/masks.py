"""Masks the tests measure."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

SPACINGS = [(1.0, 1.0, 1.0), (0.9, 0.9, 5.5), (1.0, 2.0, 0.7)]
EMPTY = np.zeros((6, 7, 8), bool)
masks = arrays(bool, (4, 5, 6))
pads = st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * 3)


def blobs(seed: int, shape: tuple[int, ...] = (24, 26, 20)) -> NDArray[np.bool_]:
    """Smooth random shapes, some of them cut by the border."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 2)
    return noise > 0.06


def disturbed(seed: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Blobs, and the same shifted by a voxel with other blobs added."""
    truth = blobs(seed)
    return np.roll(truth, 1, axis=seed % 3) | (blobs(seed + 100) & blobs(seed + 200)), truth


def cube(corner: tuple[int, int, int], size: int, shape: tuple[int, ...] = (20, 20, 20)) -> NDArray:
    """A cube of voxels."""
    mask = np.zeros(shape, bool)
    mask[tuple(slice(c, c + size) for c in corner)] = True
    return mask
