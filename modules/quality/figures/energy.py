"""Where in the head waves answer: the logarithm of their energy, in cells of 4 mm or two slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .waves import Answers

# Voxels a side over which energy is taken: an edge is where the energy is, not where a wave peaks.
CELL = 2
FEWEST = 50
LEAST = 1e-7

Table = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Energy:
    """Energy of the waves' answers by cell, of mean 0 and deviation 1 over the cells of the head.

    Attributes
    ----------
    values : ndarray of float64, shape (3, bands, x, y, z)
        By axis of the wave and by `waves.BANDS`; 0 outside the head.
    inside : ndarray of bool, shape (x, y, z)
        Cells that lie in the head with all of their voxels.
    """

    values: Table
    inside: Mask


def energy(found: Answers | None) -> Energy | None:
    """Standardise the answers' energy; None where the head has too few cells."""
    inside = cells(found.inside.astype(np.float32)) == 1 if found else np.zeros(1, bool)
    if found is None or np.count_nonzero(inside) < FEWEST:
        return None
    each = [[cells(np.square(answer)) for answer in axis] for axis in found.values]
    values = np.log(np.array(each, np.float64) + LEAST)
    told = values[:, :, inside]
    mean, deviation = told.mean(-1), np.maximum(told.std(-1), 1e-9)
    usual = (values - mean[..., None, None, None]) / deviation[..., None, None, None]
    return Energy(usual * inside, inside)


def cells(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means over cubes of `CELL` voxels a side; what is left over at the far ends is left out."""
    x, y, z = (side // CELL for side in values.shape)
    kept = values[: x * CELL, : y * CELL, : z * CELL]
    means = kept.reshape(x, CELL, y, CELL, z, CELL).mean((1, 3, 5), dtype=np.float32)
    return np.asarray(means, np.float32)
