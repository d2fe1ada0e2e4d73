"""A series in its own voxels, on whichever device it lies, and what changes its voxels' grid."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

Spacing = tuple[float, float, float]
Extent = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Series:
    """One series.

    Attributes
    ----------
    image : torch.Tensor of float32, shape (x, y, z)
        Axes LPS, foreground about 1, nothing below 0.
    spacing_mm : tuple of float
        Voxel sides.
    stripped : bool
        Whether all of it is brain.
    centre : ndarray of float, shape (3,)
        Centre of the field of view, voxels of `image`.
    extent : tuple of (int, int)
        First voxel of the head along each axis, and the one behind its last.
    """

    image: torch.Tensor
    spacing_mm: Spacing
    stripped: bool
    centre: NDArray[np.float64]
    extent: Extent


def kept(series: Series, first: list[int], last: list[int], recentred: bool = False) -> Series:
    """The voxels from `first` up to `last` alone, negative or beyond for zeros around the image."""
    shape = series.image.shape
    around = [n for axis in (2, 1, 0) for n in (-first[axis], last[axis] - shape[axis])]
    image = functional.pad(series.image, around)
    low, high = zip(*series.extent, strict=True)
    ends = [
        (max(a - f, 0), min(b, e) - f) for a, b, f, e in zip(low, high, first, last, strict=True)
    ]
    centre = series.centre - first
    if recentred:
        centre = (np.array(image.shape) - 1) / 2
    return replace(series, image=image, centre=centre, extent=(ends[0], ends[1], ends[2]))


def thicker(series: Series, axis: int, slice_mm: float) -> Series:
    """Fewer, thicker slices along an axis: each the mean over its thickness."""
    factor = max(2, round(slice_mm / series.spacing_mm[axis]))
    count = series.image.shape[axis] // factor
    image = series.image.narrow(axis, 0, count * factor).unflatten(axis, (count, factor))
    spacing, centre, ends = list(series.spacing_mm), series.centre.copy(), list(series.extent)
    spacing[axis] *= factor
    centre[axis] = (centre[axis] - (factor - 1) / 2) / factor
    ends[axis] = (ends[axis][0] // factor, min(-(-ends[axis][1] // factor), count))
    return replace(
        series,
        image=image.mean(axis + 1),
        spacing_mm=(spacing[0], spacing[1], spacing[2]),
        centre=centre,
        extent=(ends[0], ends[1], ends[2]),
    )


def scaled(extent: Extent, ratio: NDArray[np.float64]) -> Extent:
    """The same head in voxels of which there are `ratio` times as many along each axis."""
    x, y, z = (
        (round(low * r), round(high * r)) for (low, high), r in zip(extent, ratio, strict=True)
    )
    return x, y, z


def extent_of(image: torch.Tensor, least: float = 0.12) -> Extent:
    """Where the head begins and ends along each axis."""
    ends = []
    for axis in range(3):
        across = tuple(a for a in range(3) if a != axis)
        profile = (image > least).sum(across).cpu().numpy()
        inside = np.flatnonzero(profile > 0.01 * image.numel() / image.shape[axis])
        ends.append((int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, len(profile)))
    return ends[0], ends[1], ends[2]
