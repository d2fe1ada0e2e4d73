"""One image made ready to be drawn: windowed to grey levels, its labels beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray

from pipeline.types import Point, Segment

# Air holds few bright voxels and fat few very bright ones; neither may set the window.
WINDOW_PERCENTILES = (1.0, 99.5)
# Black lies this share of the way from the minimum: tissue is never drawn as dark as air.
BLACK_SHARE = 0.7
MANY = 1_000_000
HEAD_LEVEL = 30
HEAD_SHARE = 0.01
# Room for the letters beside the head.
MARGIN = 10

Box = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Scene:
    """What a picture shows.

    Attributes
    ----------
    volume : highdicom.Volume
        uint8 grey levels, axes (x, y, z) to patient left, posterior, superior.
    labels : ndarray of uint8, shape (x, y, z)
        Label map on the same grid, zeros where there is none.
    segments : tuple of Segment
        The labels to draw and their colours.
    """

    volume: Volume
    labels: NDArray[np.uint8]
    segments: tuple[Segment, ...]

    @property
    def grey(self) -> NDArray[np.uint8]:
        """The grey levels, shape (x, y, z)."""
        levels: NDArray[np.uint8] = self.volume.array
        return levels


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
    shown = turned.with_array(windowed(turned.array))
    if labels is None:
        return Scene(shown, np.zeros(shown.spatial_shape, np.uint8), segments)
    return Scene(shown, labels.match_geometry(turned).array.astype(np.uint8), segments)


def windowed(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Map grey levels to 0 … 255: black a little below the darkest tissue, white at the brightest.

    Darkest and brightest are the WINDOW_PERCENTILES of the voxels that are not the minimum.
    """
    image = array.astype(np.float32)
    if not np.isfinite(image).all():
        np.nan_to_num(image, copy=False, posinf=0.0, neginf=0.0)
    darkest = image.min()
    # Of a large image every other voxel along each axis is enough to place a window.
    some = image[::2, ::2, ::2] if image.size > MANY else image
    signal = some[some > darkest]
    if not signal.size:
        return np.zeros(image.shape, np.uint8)
    dark, high = np.percentile(signal, WINDOW_PERCENTILES)
    low = darkest + BLACK_SHARE * (dark - darkest)
    image -= np.float32(low)
    image *= np.float32(255 / max(high - low, np.finfo(np.float32).tiny))
    return np.clip(image, 0, 255, out=image).astype(np.uint8)


def head_box(volume: Volume) -> Box:
    """Bound the head, with a margin, along axes LPS; the whole volume where there is no signal.

    A slice belongs to the head where HEAD_SHARE of it is brighter than HEAD_LEVEL.
    """
    bright = windowed(volume.to_patient_orientation("LPS").array) > HEAD_LEVEL
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
