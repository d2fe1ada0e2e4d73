"""How far detail goes on along the axis of its wave, and across it.

Anatomy has its detail in clumps: where a wave answers it answers a few cells further as well.
Copies of edges, laid over the whole head by a movement, fill the gaps, so that along the axis
answers change sooner; across it the long fronts of fine copies go on further. Portilla and
Simoncelli (Int. J. Computer Vision 40:49, 2000) describe textures by such autocorrelations of
magnitudes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .energy import Energy
from .waves import BANDS

# Cells between the one place and the other: of about 4 mm, or of two slices where these are thick.
STEPS = (1, 2, 3)
FEWEST = 30
NAMES = tuple(
    f"continuation.{way}.{step}.{band}"
    for step in STEPS
    for way in ("along", "across")
    for band in range(len(BANDS))
)


def continuation(found: Energy | None) -> dict[str, float]:
    """How alike a wave answers here and some cells further; unit 1, NaN where undefined.

    Mean product of the standardised energies: a correlation, but for cells at the head's border.

    Further along the wave's own axis (``along``) and along the other two (``across``), mean over
    the axes.
    """
    if found is None:
        return dict.fromkeys(NAMES, math.nan)
    figures = np.concatenate([_further(found, step).ravel() for step in STEPS])
    return dict(zip(NAMES, figures.tolist(), strict=True))


def _further(found: Energy, step: int) -> NDArray[np.float64]:
    """Along and across, shape (2, bands)."""
    along, across = [], []
    for axis in range(3):
        here, there = (
            tuple(part if a == axis else slice(None) for a in range(3))
            for part in (slice(None, -step), slice(step, None))
        )
        both = found.inside[here] & found.inside[there]
        if np.count_nonzero(both) < FEWEST:
            continue
        one, other = (found.values[(..., *part)][:, :, both] for part in (here, there))
        alike = np.einsum("abc,abc->ab", one, other) / one.shape[-1]
        along.append(alike[axis])
        across.append(np.delete(alike, axis, axis=0).mean(0))
    if not along:
        return np.full((2, len(BANDS)), math.nan)
    return np.array((np.mean(along, axis=0), np.mean(across, axis=0)))
