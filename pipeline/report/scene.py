"""One image made ready to be drawn: its window to grey levels, its labels beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

from pipeline.types import Point, Segment

# Air holds few bright voxels and fat few very bright ones; neither may set the window.
WINDOW_PERCENTILES = (1.0, 99.5)
# Black lies this share of the way from the minimum: tissue is never drawn as dark as air.
BLACK_SHARE = 0.7
# So many voxels are enough to place a window.
MANY = 250_000
HEAD_LEVEL = 30
HEAD_SHARE = 0.01
# Room for the letters beside the head.
MARGIN = 10

Box = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Window:
    """Which value is black, and grey levels for each unit above it; white is 255."""

    low: np.float32
    slope: np.float32

    def grey(self, array: NDArray[np.generic]) -> NDArray[np.uint8]:
        """Map an image, or a part of one, to grey levels."""
        levels = np.clip(self._levels(array), 0, 255)
        return levels.astype(np.uint8)

    def above(self, array: NDArray[np.generic], level: int) -> NDArray[np.bool_]:
        """Say where the grey level, rounded down, is greater than `level`."""
        return np.asarray(self._levels(array) >= level + 1)

    def _levels(self, array: NDArray[np.generic]) -> NDArray[np.float32]:
        image = _finite(array) - self.low
        image *= self.slope
        return image


@dataclass(frozen=True)
class Scene:
    """What a picture shows.

    Attributes
    ----------
    volume : highdicom.Volume
        The image, axes (x, y, z) to patient left, posterior, superior.
    window : Window
        How its values become grey levels; a slice at a time, as few slices are drawn.
    labels : ndarray of uint8, shape (x, y, z)
        Label map on the same grid, zeros where there is none.
    segments : tuple of Segment
        The labels to draw and their colours.
    """

    volume: Volume
    window: Window
    labels: NDArray[np.uint8]
    segments: tuple[Segment, ...]

    @cached_property
    def marked(self) -> tuple[Segment, ...]:
        """The segments that hold a voxel."""
        return tuple(s for s in self.segments if (self.labels == s.number).any())


def scene(volume: Volume, labels: Volume | None, segments: tuple[Segment, ...]) -> Scene:
    """Window an image and lay its label map beside it, both with axes LPS.

    Parameters
    ----------
    volume : highdicom.Volume
        Any real-valued image.
    labels : highdicom.Volume or None
        Integer label map on the same grid, in any order of axes.
    segments : tuple of Segment
        What the labels mean.
    """
    turned = volume.to_patient_orientation("LPS")
    window = window_of(turned.array)
    if labels is None:
        return Scene(turned, window, np.zeros(turned.spatial_shape, np.uint8), segments)
    marked = labels.match_geometry(turned).array.astype(np.uint8)
    return Scene(turned, window, marked, segments)


def window_of(array: NDArray[np.generic]) -> Window:
    """Place a window: black a little below the darkest tissue, white at the brightest.

    Darkest and brightest are the WINDOW_PERCENTILES of the voxels that are not the minimum; an
    image without any is black.
    """
    step = max(1, round((array.size / MANY) ** (1 / 3)))
    some = _finite(array[::step, ::step, ::step])
    darkest = some.min()
    signal = some[some > darkest]
    if not signal.size:
        return Window(np.float32(0), np.float32(0))
    dark, high = np.percentile(signal, WINDOW_PERCENTILES)
    low = darkest + BLACK_SHARE * (dark - darkest)
    slope = 255 / max(high - low, np.finfo(np.float32).tiny)
    return Window(np.float32(low), np.float32(slope))


def _finite(array: NDArray[np.generic]) -> NDArray[np.float32]:
    image = np.asarray(array, np.float32)
    return image if np.isfinite(image).all() else np.nan_to_num(image, posinf=0.0, neginf=0.0)


def head_box(volume: Volume) -> Box:
    """Bound the head, with a margin, along axes LPS; the whole volume where there is no signal.

    A slice belongs to the head where HEAD_SHARE of it is brighter than HEAD_LEVEL.
    """
    array = volume.to_patient_orientation("LPS").array
    bright = window_of(array).above(array, HEAD_LEVEL)
    x, y, z = (_extent(bright, axis) for axis in range(3))
    return x, y, z


def _extent(bright: NDArray[np.bool_], axis: int) -> slice:
    others = tuple(other for other in range(3) if other != axis)
    (inside,) = np.nonzero(bright.mean(axis=others) > HEAD_SHARE)
    if not inside.size:
        return slice(0, bright.shape[axis])
    end = min(int(inside[-1]) + 1 + MARGIN, bright.shape[axis])
    return slice(max(int(inside[0]) - MARGIN, 0), end)


def crop(volume: Volume, box: Box) -> Volume:
    """Turn a volume to axes LPS and cut a box out of it; positions in mm stay what they were."""
    return volume.to_patient_orientation("LPS")[box]  # type: ignore[index]  # stub says 1-tuple


def middle_mm(volume: Volume) -> Point:
    """Centre of gravity of the voxels that are not zero, as a patient position (LPS, mm).

    The volume's own centre where every voxel is zero.
    """
    inside = np.argwhere(volume.array)
    centre = inside.mean(axis=0) if inside.size else np.array(volume.center_indices)
    x, y, z = volume.map_indices_to_reference(centre[np.newaxis])[0]
    return float(x), float(y), float(z)
