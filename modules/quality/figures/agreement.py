"""Whether detail of one fineness, or along one axis, lies where that of another does.

An edge is seen by coarse and fine waves at one place. A head that was elsewhere while fine detail
was measured has its fine edges there, beside the coarse ones, along the axis that was measured.
Correlations of magnitudes between scales and directions are Portilla and Simoncelli's (Int. J.
Computer Vision 40:49, 2000), who describe textures by them.
"""

from __future__ import annotations

import math
from itertools import combinations, combinations_with_replacement

import numpy as np

from .energy import Energy
from .waves import BANDS

PAIRS = tuple(combinations(range(len(BANDS)), 2))
EQUAL_TOO = tuple(combinations_with_replacement(range(len(BANDS)), 2))
NAMES = (
    *(f"agreement.bands.{first}.{second}" for first, second in PAIRS),
    *(f"agreement.axes.{first}.{second}" for first, second in EQUAL_TOO),
)


def agreement(found: Energy | None) -> dict[str, float]:
    """Correlations of where the waves answer; unit 1, higher is better, NaN for too small a head.

    Between each two finenesses: of waves of one axis (``bands``), mean over the axes, and of waves
    of two axes (``axes``), mean over the pairs.
    """
    if found is None:
        return dict.fromkeys(NAMES, math.nan)
    told = found.values[:, :, found.inside]
    # By axis and fineness of the one wave, and of the other.
    every = np.einsum("abc,dec->adbe", told, told, optimize=True) / told.shape[-1]
    alike = np.mean([every[a, a] for a in range(3)], axis=0)
    across = np.mean([every[a, b] for a in range(3) for b in range(3) if a != b], axis=0)
    figures = (*(alike[pair] for pair in PAIRS), *(across[pair] for pair in EQUAL_TOO))
    return dict(zip(NAMES, map(float, figures), strict=True))
