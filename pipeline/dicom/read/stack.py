"""Decide whether images make up one regular volume, and in which order they stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.dicom.read.plane import Plane
from pipeline.errors import Code, InputError

FEWEST_SLICES = 3
# 1024³ voxels of float32 are 4 GiB; the largest brain scans have a quarter of that.
MOST_VOXELS = 512**3 * 2
# Positions and directions are stored as text of at most 16 characters, often fewer.
SAME_POSITION_MM = 0.01
SAME_DIRECTION = 1e-3
SAME_SPACING = 1e-3
# How unevenly slices may lie: a fraction of their spacing, or what rounding to 0.1 mm makes of it.
REGULAR = 0.05
ROUNDED_MM = 0.15


@dataclass(frozen=True)
class Stack:
    """Images in order along their normal, `spacing_mm` apart."""

    planes: tuple[Plane, ...]
    spacing_mm: float


def stack(planes: Sequence[Plane]) -> Stack:
    """Order the images of one volume along their normal, as highdicom stacks them.

    Parameters
    ----------
    planes : sequence of Plane
        In any order.

    Returns
    -------
    Stack
        No slice lies further from its place in a regular volume than 5 % of the slice spacing, or
        0.15 mm, along the normal; than 0.15 mm, or half a pixel if that is less, aside of it.

    Raises
    ------
    InputError
        TOO_LARGE, TOO_FEW_SLICES, MIXED_GEOMETRY, MIXED_ORIENTATION, SEVERAL_VOLUMES,
        DUPLICATE_SLICE or MISSING_SLICE.
    """
    _require_size(planes)
    _require_one_plane_shape(planes)
    normal = planes[0].normal
    ordered = sorted(planes, key=lambda plane: float(normal @ plane.position))
    heights = np.array([normal @ plane.position for plane in ordered])
    _require_single(ordered, heights)
    if len(ordered) < FEWEST_SLICES:
        raise InputError(Code.TOO_FEW_SLICES, f"The series has {len(ordered)} slices.")
    _require_regular(heights)
    _require_upright(ordered, normal)
    return Stack(tuple(ordered), float((heights[-1] - heights[0]) / (len(heights) - 1)))


def _require_size(planes: Sequence[Plane]) -> None:
    if not planes:
        raise InputError(Code.TOO_FEW_SLICES, "The series has no image.")
    voxels = sum(plane.shape[0] * plane.shape[1] for plane in planes)
    if voxels > MOST_VOXELS:
        raise InputError(Code.TOO_LARGE, f"The series claims {voxels} voxels.")


def _require_one_plane_shape(planes: Sequence[Plane]) -> None:
    first = planes[0]
    lengths = np.linalg.norm(np.reshape(first.orientation, (2, 3)), axis=1)
    across = np.dot(first.orientation[:3], first.orientation[3:])
    directed = np.allclose([*lengths, across], [1, 1, 0], atol=SAME_DIRECTION)
    if not directed or min(first.spacing) <= 0:
        raise InputError(Code.NO_GEOMETRY, "Rows and columns have no valid direction or spacing.")
    if any(plane.shape != first.shape for plane in planes):
        raise InputError(Code.MIXED_GEOMETRY, "Slices differ in rows and columns.")
    if not _alike([plane.orientation for plane in planes], SAME_DIRECTION):
        raise InputError(Code.MIXED_ORIENTATION, "Slices do not lie parallel.")
    if not _alike([plane.spacing for plane in planes], SAME_SPACING):
        raise InputError(Code.MIXED_GEOMETRY, "Slices differ in pixel spacing.")


def _alike(rows: Sequence[Sequence[float]], tolerance: float) -> bool:
    return bool(np.all(np.abs(np.array(rows) - np.array(rows[0])) <= tolerance))


def _require_single(ordered: Sequence[Plane], heights: NDArray[np.float64]) -> None:
    """Raise where one height holds several images, saying whether they are whole volumes."""
    places = np.cumsum(np.diff(heights, prepend=heights[0]) > SAME_POSITION_MM).tolist()
    counts = Counter(places)
    if len(counts) == len(ordered):
        return
    twins = [plane for plane, place in zip(ordered, places, strict=True) if counts[place] > 1]
    whole = len(set(counts.values())) == 1
    if whole or len({plane.telling for plane in twins}) > 1:
        raise InputError(
            Code.SEVERAL_VOLUMES, f"{len(ordered)} images share {len(counts)} slice positions."
        )
    raise InputError(Code.DUPLICATE_SLICE, f"{len(twins)} images share a position with another.")


def _require_regular(heights: NDArray[np.float64]) -> None:
    gaps = np.diff(heights)
    steps = np.maximum(np.round(gaps / gaps.min()), 1)
    usual = float(np.median(gaps[steps == 1]))
    uneven = np.abs(gaps - steps * usual)
    if np.all(uneven <= np.maximum(REGULAR * gaps, ROUNDED_MM)):
        if np.all(steps == 1):
            _require_no_drift(heights, usual)
            return
        missing = int(np.sum(steps - 1))
        raise InputError(Code.MISSING_SLICE, f"{missing} slices are missing between others.")
    raise InputError(Code.MIXED_GEOMETRY, "Slices are not evenly spaced.")


def _require_no_drift(heights: NDArray[np.float64], usual: float) -> None:
    """Raise where small differences between gaps add up: each passes, the volume does not."""
    places = np.linspace(heights[0], heights[-1], len(heights))
    if np.abs(heights - places).max() > max(REGULAR * usual, ROUNDED_MM):
        raise InputError(Code.MIXED_GEOMETRY, "Slices are not evenly spaced.")


def _require_upright(ordered: Sequence[Plane], normal: NDArray[np.float64]) -> None:
    """Raise where slices are shifted sideways: a sheared stack is no rectangular volume."""
    offsets = np.array([plane.position for plane in ordered]) - np.array(ordered[0].position)
    aside = np.linalg.norm(offsets - np.outer(offsets @ normal, normal), axis=1)
    if aside.max() > min(*ordered[0].spacing, 2 * ROUNDED_MM) / 2:
        raise InputError(Code.MIXED_GEOMETRY, "Slices are shifted sideways against each other.")
