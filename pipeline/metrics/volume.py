"""How large a mask is, and how far from the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.metrics.box import Mask


def volume(mask: Mask, spacing: Sequence[float]) -> float:
    """Volume of a mask, ml; it only describes, neither way is better.

    Parameters
    ----------
    mask : ndarray of bool, shape (x, y, z)
        Any, empty ones included: 0.
    spacing : sequence of float
        Of the voxels along x, y, z, mm.
    """
    return int(np.count_nonzero(mask)) * math.prod(spacing) / 1000.0


def volume_bias(prediction: Mask, truth: Mask) -> float:
    """Signed relative volume error, (V_P - V_T) / V_T, from -1; 0 is best.

    Volumetric similarity in Taha and Hanbury, BMC Medical Imaging 15:29 (2015), kept signed and
    relative to the truth. An empty truth has no relative error: NaN.

    Parameters
    ----------
    prediction, truth : ndarray of bool
        On one grid, so that the voxels' size cancels.
    """
    known = int(np.count_nonzero(truth))
    return (int(np.count_nonzero(prediction)) - known) / known if known else math.nan


def volume_error(prediction: Mask, truth: Mask) -> float:
    """Absolute relative volume error, |V_P - V_T| / V_T, lower is better; NaN as `volume_bias`."""
    return abs(volume_bias(prediction, truth))
