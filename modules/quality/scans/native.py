"""Series as a scanner would deliver them, in their own voxels: clean, harmlessly varied, spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..artefacts.coarse import ACQUIRED
from ..artefacts.coverage import cut
from .paint import paint
from .scene import place
from .subjects import Subject

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Scan:
    """One series.

    Attributes
    ----------
    image : ndarray of float32, shape (x, y, z)
        Axes LPS, foreground about 1, nothing below 0.
    spacing_mm : tuple of float
        Voxel sides.
    stripped : bool
        Whether all of it is brain.
    centre : ndarray, shape (3,)
        Centre of the field of view, voxels of `image`.
    """

    image: Image
    spacing_mm: tuple[float, float, float]
    stripped: bool
    centre: NDArray[np.float64]


def scan(subject: Subject, rng: np.random.Generator) -> Scan:
    """A person's clean series; painted with a random contrast where there are labels only."""
    x, y, z = (float(side) for side in subject.spacing_mm)
    array, stripped = subject.array, subject.group == "stripped"
    if subject.group == "labels":
        labels = np.asarray(array, np.uint16)
        stripped = bool(rng.random() < 0.25)
        array = paint(np.where(labels < 100, labels, 0) if stripped else labels, rng)
    image = np.maximum(np.asarray(array, np.float32), 0)
    inside = image[image > 0]
    top = float(np.percentile(inside[::31], 97)) if inside.size else 1.0
    return Scan(image / np.float32(max(top, 1e-6)), (x, y, z), stripped, subject.centre)


def vary(clean: Scan, rng: np.random.Generator) -> Scan:
    """What good series differ in: slice thickness, contrast, coil shading and noise, a little."""
    if rng.random() < 0.4 and max(clean.spacing_mm) < 2:
        clean = _thicker(clean, int(rng.integers(3)), rng.uniform(2.0, 6.0))
    image, inside = clean.image, clean.image > 0
    image = image ** np.float32(rng.uniform(0.8, 1.25))
    image = ACQUIRED["bias"](image, rng.uniform(0, 0.25), rng, clean.spacing_mm)
    if rng.random() < 0.6:
        image = ACQUIRED["noise"](image, rng.uniform(0, 0.1), rng, clean.spacing_mm)
    return replace(clean, image=image * inside if clean.stripped else image)


def spoil(clean: Scan, severities: Mapping[str, float], rng: np.random.Generator) -> Scan:
    """Add artefacts in the order the scanner would, severity 0 to 1 each; brain extraction last."""
    image, spacing = clean.image, clean.spacing_mm
    for name, artefact in ACQUIRED.items():
        if name in severities and name != "field_of_view":
            image = artefact(image, severities[name], rng, spacing)
    if clean.stripped:
        image = image * (clean.image > 0)
    found = replace(clean, image=image)
    if "field_of_view" not in severities:
        return found
    end = cut if clean.stripped else ACQUIRED["field_of_view"]
    ended = end(image, severities["field_of_view"], rng, spacing)
    return _ended(replace(found, image=ended), rng)


def _thicker(clean: Scan, axis: int, slice_mm: float) -> Scan:
    """Fewer, thicker slices along an axis: each the mean over its thickness."""
    factor = max(2, round(slice_mm / clean.spacing_mm[axis]))
    count = clean.image.shape[axis] // factor
    kept = np.moveaxis(clean.image, axis, 0)[: count * factor]
    means = kept.reshape(count, factor, *kept.shape[1:]).mean(1)
    spacing, centre = list(clean.spacing_mm), clean.centre.copy()
    spacing[axis] *= factor
    centre[axis] = (centre[axis] - (factor - 1) / 2) / factor
    x, y, z = spacing
    image = np.ascontiguousarray(np.moveaxis(means, 0, axis))
    return Scan(image, (x, y, z), clean.stripped, centre)


def shown(seen: Scan, rng: np.random.Generator | None = None, strength: float = 0.0) -> Image:
    """What the network would be shown: 96³ voxels of 2 mm around the field of view's centre.

    With a `strength` it is turned, shifted and scaled at random (see `scene.place`).
    """
    subject = Subject("", "", "head", seen.image, seen.spacing_mm, seen.centre)
    return np.asarray(place(subject, rng or np.random.default_rng(0), strength), np.float32)


def _ended(seen: Scan, rng: np.random.Generator) -> Scan:
    """Half of the time, slices emptied by the cut are not there at all: the scanner's own way."""
    if seen.stripped or rng.random() < 0.5:
        return seen
    box = ndimage.find_objects((seen.image > 0).astype(np.uint8))[0]
    image = np.ascontiguousarray(seen.image[box])
    return replace(seen, image=image, centre=(np.array(image.shape) - 1) / 2)
