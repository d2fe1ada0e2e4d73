"""Fields of view too small for the head: cut off or wrapped around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Spacing = tuple[float, ...]
GRID_MM: Spacing = (2.0, 2.0, 2.0)


def cut(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """The field of view ends inside the head: 6 mm of it are lost at severity 0, 46 mm at 1."""
    axis = int(rng.integers(3))
    low, high = extent(image, axis)
    depth = round((6 + 40 * severity) / spacing_mm[axis])
    lost = (
        slice(high - depth, None) if rng.random() < 0.5 or axis == 2 else slice(None, low + depth)
    )
    if axis == 2 and rng.random() < 0.4:
        # Below the brain there is neck: count from the vertex.
        lost = slice(None, max(low + 3, high - round((112 - 48 * severity) / spacing_mm[axis])))
    result = image.copy()
    result[along(axis, lost)] = 0
    return result


def wrap(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """The field of view is smaller than the head along the phase axis: what is outside folds in."""
    axis = int(rng.integers(2))
    # A second turn puts the fold on the other side.
    turn = (axis,) if rng.random() < 0.5 else ()
    result = np.flip(image, turn).copy()
    low, high = extent(result, axis)
    depth = round((6 + 40 * severity) / spacing_mm[axis])
    folded = result[along(axis, slice(high - depth, high))].copy()
    result[along(axis, slice(high - depth, None))] = 0
    result[along(axis, slice(low, low + depth))] += folded
    return np.flip(result, turn).copy()


def field_of_view(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Cut off or, where there is skin to fold over, wrapped."""
    return (cut if rng.random() < 0.7 else wrap)(image, severity, rng, spacing_mm)


def extent(image: Image, axis: int) -> tuple[int, int]:
    """First voxel of the head along an axis, and the one behind its last."""
    profile = np.count_nonzero(image > 0.12, axis=tuple(a for a in range(3) if a != axis))
    inside = np.flatnonzero(profile > 0.01 * image.size / image.shape[axis])
    return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, image.shape[axis])


def along(axis: int, part: slice) -> tuple[slice, slice, slice]:
    """Index for a part of one axis and all of the others."""
    x, y, z = (part if a == axis else slice(None) for a in range(3))
    return x, y, z
