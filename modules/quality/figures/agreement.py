"""Whether detail of one fineness, or along one axis, lies where that of another does.

An edge is seen by coarse and fine waves at one place. A head that was elsewhere while fine detail
was measured has its fine edges there, beside the coarse ones, along the axis that was measured.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .waves import BANDS, Answers

# Voxels a side over which energy is taken: an edge is where the energy is, not where a wave peaks.
CELL = 2
FEWEST = 50
LEAST = 1e-7
NAMES = (
    *(f"agreement.axes.{kind}.{band}" for kind in ("mean", "least") for band in range(len(BANDS))),
    *(f"agreement.bands.{k}.{band}" for k in ("mean", "least") for band in range(1, len(BANDS))),
)


def agreement(found: Answers | None) -> dict[str, float]:
    """Correlations of where the waves answer; unit 1, higher is better, NaN for too small a head.

    Of the logarithm of the answers' energy in cells of 4 mm: between two axes, waves of one
    fineness (``axes``); between waves of one axis and the next coarser ones (``bands``). Each as
    the mean over the pairs or axes, and the least.
    """
    whole = _cells(found.inside.astype(np.float32)) == 1 if found else np.zeros(1, bool)
    if found is None or np.count_nonzero(whole) < FEWEST:
        return dict.fromkeys(NAMES, math.nan)
    energy = np.array([[_cells(np.square(v))[whole] for v in axis] for axis in found.values])
    usual = _standardised(np.log(energy.astype(np.float64) + LEAST))
    axes = np.array([(usual[a] * usual[b]).mean(-1) for a, b in ((0, 1), (0, 2), (1, 2))])
    bands = (usual[:, 1:] * usual[:, :-1]).mean(-1)
    figures = (axes.mean(0), axes.min(0), bands.mean(0), bands.min(0))
    return dict(zip(NAMES, np.concatenate(figures).tolist(), strict=True))


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    away = values - values.mean(-1, keepdims=True)
    return np.asarray(away / np.maximum(away.std(-1, keepdims=True), 1e-9))


def _cells(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means over cubes of `CELL` voxels a side; what is left over at the far ends is left out."""
    x, y, z = (side // CELL for side in values.shape)
    kept = values[: x * CELL, : y * CELL, : z * CELL]
    means = kept.reshape(x, CELL, y, CELL, z, CELL).mean((1, 3, 5), dtype=np.float32)
    return np.asarray(means, np.float32)
