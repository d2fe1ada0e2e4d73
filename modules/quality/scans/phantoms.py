"""What is no structural brain MRI: phantoms, noise, shuffled anatomy, bones as in CT."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Image = NDArray[np.float32]


def phantom(shape: tuple[int, ...], rng: np.random.Generator) -> Image:
    """Ellipsoids, cylinders or boxes of random brightness, a few nested or side by side."""
    axes = np.ogrid[tuple(slice(-1, 1, complex(n)) for n in shape)]
    image = np.zeros(shape, np.float32)
    power = float(rng.choice((1.0, 2.0, 8.0)))
    for size in sorted(rng.uniform(0.05, 0.9, int(rng.integers(1, 12))))[::-1]:
        radii = size * rng.uniform(0.5, 1.2, 3)
        if rng.random() < 0.3:
            radii[int(rng.integers(3))] = 10
        middle = rng.uniform(-1, 1, 3) * (1 - size)
        inside = sum(
            np.abs((a - m) / r) ** power for a, m, r in zip(axes, middle, radii, strict=True)
        )
        image[inside < 1] = rng.uniform(0, 1)
    return _finish(image, rng)


def pure_noise(shape: tuple[int, ...], rng: np.random.Generator) -> Image:
    """No object at all: white or smooth noise."""
    image = rng.standard_normal(shape, dtype=np.float32)
    if rng.random() < 0.5:
        image = ndimage.gaussian_filter(image, rng.uniform(0.5, 4))
    return np.asarray(np.abs(image) / max(float(np.abs(image).max()), 1e-6), np.float32)


def shuffled(image: Image, rng: np.random.Generator) -> Image:
    """The same blocks of tissue in another order: slices sorted wrongly, or volumes mixed up."""
    axis, parts = int(rng.integers(3)), int(rng.choice((4, 8, 16, 32)))
    for turn in range(int(rng.integers(1, 4))):
        blocks = np.array_split(image, parts, axis=(axis + turn) % 3)
        order = rng.permutation(parts)
        image = np.concatenate([blocks[i] for i in order], axis=(axis + turn) % 3)
    return image


def computed_tomogram(labels: NDArray[np.uint16], rng: np.random.Generator) -> Image:
    """A CT-like picture of a head's label map: bone bright, brain flat, air black."""
    image = np.where(labels > 0, rng.uniform(0.15, 0.5), 0).astype(np.float32)
    image[np.isin(labels, (515, 516))] = rng.uniform(0.8, 1.0)
    image[np.isin(labels, (4, 24, 43, 14, 15))] *= rng.uniform(0.8, 0.97)
    image[np.isin(labels, (511,))] *= rng.uniform(0.7, 1.0)
    if rng.random() < 0.4:
        image += np.float32(rng.uniform(0.05, 0.3)) * (labels == 0)
    return _finish(image, rng)


def _finish(image: Image, rng: np.random.Generator) -> Image:
    image = ndimage.gaussian_filter(image, rng.uniform(0.3, 1.0))
    grain = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.08))
    return np.abs(image + grain).astype(np.float32)
