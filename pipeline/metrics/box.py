"""The box that holds both masks: what lies outside cannot change a figure, only its cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def cropped(prediction: Mask, truth: Mask) -> tuple[Mask, Mask]:
    """Cut two masks to the bounding box of their union; two empty masks become empty arrays.

    Parameters
    ----------
    prediction, truth : ndarray of bool
        Of one shape.

    Raises
    ------
    ValueError
        The shapes differ.
    """
    if prediction.shape != truth.shape:
        raise ValueError(f"masks of shapes {prediction.shape} and {truth.shape}")
    union = prediction | truth
    box = tuple(_extent(union, axis) for axis in range(union.ndim))
    return prediction[box], truth[box]


def _extent(mask: Mask, axis: int) -> slice:
    others = tuple(other for other in range(mask.ndim) if other != axis)
    where = np.flatnonzero(mask.any(axis=others))
    return slice(int(where[0]), int(where[-1]) + 1) if len(where) else slice(0, 0)
