"""Scanner artefacts of known severity, made the way the scanner makes them.

Every function takes an image, float32 (x, y, z) with foreground about 1, a severity from 0 (none)
to 1 (unusable), a generator whose state alone decides the rest, and the voxels' sides in mm: those
of the module's grid, or of the acquisition.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from .coverage import GRID_MM, Image, Spacing, along, field_of_view
from .movement import moved_or_ghosting

Artefact = Callable[[Image, float, np.random.Generator, Spacing], Image]


def noise(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Rician noise with a standard deviation of 25 % of the mean signal at severity 1."""
    sigma = np.float32(0.25 * severity * level(image))
    real = image + sigma * rng.standard_normal(image.shape, dtype=np.float32)
    imaginary = sigma * rng.standard_normal(image.shape, dtype=np.float32)
    return np.asarray(np.hypot(real, imaginary), np.float32)


def bias(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """A smooth receive field; its logarithm has a standard deviation of 0.6 at severity 1."""
    x, y, z = np.ogrid[tuple(slice(-1, 1, complex(n)) for n in image.shape)]
    field = np.zeros(image.shape, np.float32)
    for term in (x, y, z, x**2, y**2, z**2, x * y, y * z):
        field += (rng.normal() * term).astype(np.float32)
    inside = field[image > 0.1]
    middle, spread = (inside.mean(), inside.std()) if inside.size else (field.mean(), field.std())
    return np.asarray(image * np.exp(0.6 * severity / spread * (field - middle)), np.float32)


def blur(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Gaussian blur, in all directions or within a plane; sigma is 0.8 to 3.2 mm."""
    sigma = np.full(3, 0.8 + 2.4 * severity)
    if rng.random() < 0.3:
        sigma[int(rng.integers(3))] = 0.6
    return np.asarray(ndimage.gaussian_filter(image, sigma / spacing_mm, truncate=3.0), np.float32)


def spikes(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Bad k-space samples: each lays a plane wave over the image, or over some of its slices."""
    x, y, z = np.ogrid[tuple(slice(0, n) for n in image.shape)]
    wave = np.zeros(image.shape, np.complex64)
    count = int(rng.integers(1, 4))
    for _ in range(count):
        direction = rng.normal(size=3)
        k = 2 * np.pi * rng.uniform(0.06, 0.45) * direction / np.linalg.norm(direction)
        phase = rng.uniform(0, 2 * np.pi)
        height = severity * level(image) * rng.uniform(0.35, 0.6) / np.sqrt(count)
        wave += height * (
            np.exp(1j * (k[0] * x + phase)) * np.exp(1j * k[1] * y) * np.exp(1j * k[2] * z)
        )
    if rng.random() < 0.3:
        wave *= _slab(image.shape, rng)
    return np.asarray(np.abs(image + wave), np.float32)


def level(image: Image) -> float:
    """Mean signal of the foreground."""
    inside = image[image > 0.1]
    return float(inside.mean()) if inside.size else 1.0


ARTEFACTS: dict[str, Artefact] = {
    "bias": bias,
    "blur": blur,
    "motion_ghosting": moved_or_ghosting,
    "spikes": spikes,
    "noise": noise,
    "field_of_view": field_of_view,
}


def _slab(shape: tuple[int, ...], rng: np.random.Generator) -> Image:
    axis = int(rng.integers(3))
    first, thickness = (
        round(share * shape[axis]) for share in (rng.uniform(0.2, 0.65), rng.uniform(0.02, 0.2))
    )
    slab = np.zeros(shape, np.float32)
    slab[along(axis, slice(first, first + max(2, thickness)))] = 1
    return slab
