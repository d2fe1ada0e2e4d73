"""Where head, air and two tissues roughly are, before anything is known about the image.

Quality is judged before tissues are segmented, so these regions come from thresholds alone. Axes
are (x, y, z), LPS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_multiotsu, threshold_otsu

Image = NDArray[np.float32]
Mask = NDArray[np.bool_]
Spacing = tuple[float, float, float]

MOST_VOXELS = 1_500_000
RIM_MM = 16.0
AIR_GAP_MM = 10.0
FEWEST = 50


@dataclass(frozen=True)
class Regions:
    """An image and its parts, every n-th voxel of the original along each axis.

    Attributes
    ----------
    image : ndarray of float32, shape (x, y, z)
        Never averaged, so that its noise is the scanner's.
    step : tuple of int
        n for each axis.
    spacing_mm : tuple of float
        Distance between the voxels kept.
    head : ndarray of bool
        Foreground, holes filled.
    air : ndarray of bool
        At least 10 mm from the head; voxels of exact zero are no measurement and left out.
    core : ndarray of bool
        Deep in the head, 16 mm or more from its border: brain, mostly.
    dark, bright : ndarray of bool
        The two commonest of three intensity classes in the core: grey and white matter on T1.
    """

    image: Image
    step: tuple[int, int, int]
    spacing_mm: Spacing
    head: Mask
    air: Mask
    core: Mask
    dark: Mask
    bright: Mask


def find_regions(volume: NDArray[np.generic], spacing_mm: Spacing) -> Regions:
    """Divide a volume into regions; all are empty where it shows nothing."""
    step = thinning(volume.shape, spacing_mm)
    image = np.asarray(volume[:: step[0], :: step[1], :: step[2]], np.float32)
    image = np.where(np.isfinite(image), image, np.float32(0))
    spacing = (spacing_mm[0] * step[0], spacing_mm[1] * step[1], spacing_mm[2] * step[2])
    head = find_head(image, spacing)
    air = beyond(head, spacing, AIR_GAP_MM, outside=True) & (image != 0)
    core = beyond(head, spacing, RIM_MM)
    dark, bright = find_tissues(image, core)
    return Regions(image, step, spacing, head, air, core, dark, bright)


def thinning(shape: tuple[int, ...], spacing_mm: Spacing) -> tuple[int, int, int]:
    """Keep every n-th voxel, finest axes first, until the image is small enough to be quick."""
    step = np.ones(3, int)
    while np.prod(-(-np.array(shape) // step)) > MOST_VOXELS:
        step[np.argmin(np.array(spacing_mm) * step)] += 1
    x, y, z = step.tolist()
    return x, y, z


def bounds(mask: Mask) -> tuple[slice, slice, slice] | None:
    """Smallest box around a mask; None for an empty one. A fifth of SciPy's time."""
    found = []
    for others in ((1, 2), (0, 2), (0, 1)):
        (along,) = np.nonzero(mask.any(others))
        if not along.size:
            return None
        found.append(slice(int(along[0]), int(along[-1]) + 1))
    return found[0], found[1], found[2]


def opened(mask: Mask) -> Mask:
    """Without what a voxel and its six neighbours do not fit into; an eighth of SciPy's time."""
    return _grown(~_grown(~np.pad(mask, 2)))[2:-2, 2:-2, 2:-2]


def _grown(mask: Mask) -> Mask:
    grown = mask.copy()
    for axis in range(3):
        here, there = np.moveaxis(grown, axis, 0), np.moveaxis(mask, axis, 0)
        here[1:] |= there[:-1]
        here[:-1] |= there[1:]
    return grown


def middle_of(parts: Regions) -> tuple[int, int, int]:
    """Middle of the head's bounding box, in voxels of the original."""
    box = bounds(parts.head) or tuple(slice(0, n) for n in parts.head.shape)
    x, y, z = ((s.start + s.stop) * n // 2 for s, n in zip(box, parts.step, strict=True))
    return x, y, z


def block(volume: NDArray[np.generic], parts: Regions, size: int) -> tuple[Image, Mask]:
    """The middle of the head, every voxel, at most `size` voxels a side, and its head mask."""
    first = [max(0, m - size // 2) for m in middle_of(parts)]
    inside = [slice(f, min(f + size, n)) for f, n in zip(first, volume.shape, strict=True)]
    index = (np.arange(s.start, s.stop) // n for s, n in zip(inside, parts.step, strict=True))
    image = np.asarray(volume[tuple(inside)], np.float32)
    return np.where(np.isfinite(image), image, np.float32(0)), parts.head[np.ix_(*index)]


def find_head(image: Image, spacing_mm: Spacing) -> Mask:
    """Foreground by Otsu's threshold on the smoothed image, large components, holes filled."""
    smooth = ndimage.gaussian_filter(image, [2.0 / mm for mm in spacing_mm], truncate=2.0)
    smooth = np.minimum(smooth, np.percentile(smooth[::2, ::2, ::2], 99))
    if not float(np.ptp(smooth)) > 0:
        return np.zeros(image.shape, np.bool_)
    # Half of Otsu's threshold keeps dark tissue and stays above the noise floor of the air.
    labels, count = ndimage.label(smooth > 0.5 * threshold_otsu(smooth[::2, ::2, ::2].ravel()))
    if count == 0:
        return np.zeros(image.shape, np.bool_)
    sizes = np.bincount(labels.ravel())[1:]
    # Scalp and brain may be apart, with dark skull between them.
    large = np.flatnonzero(sizes > 0.1 * sizes.max()) + 1
    return filled(np.isin(labels, large))


def filled(mask: Mask) -> Mask:
    """The mask with its holes: whatever else hangs together without reaching the image's border."""
    # SciPy's binary_fill_holes gives the same and takes twice as long.
    around, _ = ndimage.label(np.pad(~mask, 1, constant_values=True))
    return np.asarray(around[1:-1, 1:-1, 1:-1] != around[0, 0, 0], np.bool_)


def beyond(mask: Mask, spacing_mm: Spacing, least_mm: float, outside: bool = False) -> Mask:
    """What is farther from the mask's border, inside or `outside`, on a grid of about 4 mm."""
    step = [max(1, round(4 / mm)) for mm in spacing_mm]
    coarse = mask[:: step[0], :: step[1], :: step[2]]
    coarse = ~coarse if outside else coarse
    # Beyond the image there is no head: one more layer says so.
    padded = np.pad(coarse, 1, constant_values=outside)
    sampling = [mm * s for mm, s in zip(spacing_mm, step, strict=True)]
    distance = ndimage.distance_transform_edt(padded, sampling=sampling)
    far = np.asarray(distance[1:-1, 1:-1, 1:-1] > least_mm, np.bool_)
    return far[np.ix_(*(np.arange(n) // s for n, s in zip(mask.shape, step, strict=True)))]


def find_tissues(image: Image, core: Mask) -> tuple[Mask, Mask]:
    """The two commonest of three Otsu classes in the core, darker first; empty if undefined."""
    nothing = np.zeros(image.shape, np.bool_)
    inside = image[core]
    if inside.size < FEWEST:
        return nothing, nothing
    low, high = np.percentile(inside, (1, 99))
    if np.unique(np.clip(inside[::5], low, high)).size < 8:
        return nothing, nothing
    borders = threshold_multiotsu(np.clip(inside[::5], low, high), classes=3)
    classes = (image >= borders[0]).astype(np.uint8) + (image >= borders[1])
    common = np.argsort(np.bincount(classes[core], minlength=3))[1:]
    return core & (classes == common.min()), core & (classes == common.max())
