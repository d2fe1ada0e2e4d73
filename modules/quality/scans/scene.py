"""A clean image on the module's grid, as the runner would show it, and its harmless variations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from pipeline.train.augment import affine, thicken

from ..artefacts.coverage import extent
from ..artefacts.scanner import ARTEFACTS
from .paint import paint
from .subjects import Subject

SIZE, SPACING_MM = 96, 2.0

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """A clean image on the grid and what in it is brain: all of it, where `stripped`."""

    image: Image
    stripped: bool


def place(subject: Subject, rng: np.random.Generator, strength: float = 1.0) -> NDArray[np.generic]:
    """Resample onto 96³ voxels of 2 mm around the centre of the field of view, zero outside.

    Linear for images and nearest for labels, as the runner does it; `strength` scales a random
    rotation (9 degrees), scaling (8 %), mirroring and shift (12 mm), 0 for the runner's own grid.
    """
    matrix = affine(rng, 9 * strength, 0.08 * strength, mirror=strength > 0) * SPACING_MM
    grid = np.indices((SIZE,) * 3, dtype=np.float32).reshape(3, -1) - np.float32((SIZE - 1) / 2)
    spacing = np.array(subject.spacing_mm, np.float32)[:, None]
    shift = rng.uniform(-12, 12, 3)[:, None].astype(np.float32) * np.float32(strength)
    at = (matrix @ grid + shift) / spacing + subject.centre[:, None].astype(np.float32)
    return _nearest(subject.array, at) if subject.group == "labels" else _linear(subject.array, at)


def scene(subject: Subject, rng: np.random.Generator, strength: float = 1.0) -> Scene:
    """A clean image of a person: resampled, or painted with a random contrast from labels."""
    placed = place(subject, rng, strength)
    if subject.group != "labels":
        return Scene(_scaled(np.maximum(placed, 0).astype(np.float32)), subject.group == "stripped")
    labels = np.asarray(placed, np.uint16)
    stripped = bool(rng.random() < 0.35)
    if stripped:
        labels = np.where(labels < 100, labels, 0).astype(np.uint16)
    return Scene(_scaled(paint(labels, rng)), stripped)


def vary(clean: Scene, rng: np.random.Generator) -> Scene:
    """What good scans differ in: slice thickness, contrast, a little coil shading and noise."""
    image, inside = clean.image, clean.image > 0
    if rng.random() < 0.3:
        image = thicken(image, int(rng.integers(3)), rng.uniform(1.2, 3.0))
    image = image ** np.float32(rng.uniform(0.8, 1.25))
    image = ARTEFACTS["bias"](image, rng.uniform(0, 0.25), rng)
    image = ARTEFACTS["noise"](image, rng.uniform(0, 0.12), rng)
    if clean.stripped:
        return Scene(image * inside, True)
    return Scene(_tight(image, rng) if rng.random() < 0.4 else image, False)


def _tight(image: Image, rng: np.random.Generator) -> Image:
    """A field of view that ends close to the head but outside it, or in the neck."""
    result = np.zeros_like(image)
    kept = []
    for axis in range(3):
        low, high = extent(image, axis)
        below = high - int(rng.integers(78, 96)) if axis == 2 else low - int(rng.integers(1, 12))
        kept.append(slice(max(0, below), high + int(rng.integers(1, 12))))
    result[tuple(kept)] = image[tuple(kept)]
    return result


def _scaled(image: Image) -> Image:
    inside = image[image > 0]
    top = float(np.percentile(inside[::7], 97)) if inside.size else 1.0
    return np.asarray(image / max(top, 1e-6), np.float32)


def _linear(array: NDArray[np.generic], at: Image) -> Image:
    limit = np.array(array.shape, np.float32)[:, None] - 1
    grid = torch.from_numpy((at / limit * 2 - 1)[::-1].copy()).T.reshape(1, SIZE, SIZE, SIZE, 3)
    volume = torch.from_numpy(array)[None, None]
    return np.asarray(functional.grid_sample(volume, grid, align_corners=True)[0, 0].numpy())


def _nearest(array: NDArray[np.generic], at: Image) -> NDArray[np.generic]:
    nearest = np.rint(at).astype(np.int32)
    limit = np.array(array.shape)[:, None]
    inside = ((nearest >= 0) & (nearest < limit)).all(0)
    x, y, z = np.clip(nearest, 0, limit - 1)
    flat = (x * array.shape[1] + y) * array.shape[2] + z
    return np.asarray((array.ravel()[flat] * inside).reshape((SIZE,) * 3))
