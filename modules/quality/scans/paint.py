"""Grey values for a label map: every contrast a scanner might give it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.train.augment import smooth_field

SKULL, AIR = (515, 516), 0
GREY, WHITE, FLUID = (3, 42, 8, 47), (2, 41, 7, 46, 16, 28, 60, 85), (4, 43, 5, 44, 14, 15, 24)

Image = NDArray[np.float32]


def paint(labels: NDArray[np.uint16], rng: np.random.Generator) -> Image:
    """T1-, T2-, FLAIR-like or arbitrary grey values, with texture outside the brain."""
    mean = rng.uniform(0.05, 1, 1024).astype(np.float32)
    grey, white, fluid = _contrast(rng)
    for kind, value in ((GREY, grey), (WHITE, white), (FLUID, fluid)):
        mean[list(kind)] = np.float32(value) + rng.normal(0, 0.02, len(kind)).astype(np.float32)
    mean[list(range(9, 14)) + list(range(48, 53))] = (grey + white) / 2
    mean[list(SKULL)] = rng.uniform(0.02, 0.25, 2)
    mean[[506, 507]] = rng.uniform(0.2, 0.9)
    mean[AIR] = 0
    image = mean[labels]
    outside = labels > 100
    x, y, z = labels.shape
    texture = smooth_field((x, y, z), 28, rng)[0] * np.float32(rng.uniform(0.1, 0.4))
    image = np.where(outside, image * np.exp(texture), image)
    grain = rng.standard_normal(labels.shape, dtype=np.float32) * np.float32(
        rng.uniform(0.005, 0.04)
    )
    image = np.maximum(image + grain * (labels > 0), 0)
    smooth = ndimage.gaussian_filter(image, rng.uniform(0.3, 0.5), truncate=3.0)
    return np.asarray(np.where(labels > 0, smooth, smooth * 0.7), np.float32)


def _contrast(rng: np.random.Generator) -> tuple[float, float, float]:
    kind = rng.random()
    if kind < 0.35:
        return rng.uniform(0.45, 0.65), rng.uniform(0.7, 0.95), rng.uniform(0.05, 0.3)
    if kind < 0.55:
        return rng.uniform(0.5, 0.7), rng.uniform(0.3, 0.5), rng.uniform(0.85, 1.0)
    if kind < 0.8:
        return rng.uniform(0.6, 0.85), rng.uniform(0.4, 0.65), rng.uniform(0.02, 0.25)
    return rng.uniform(0.1, 1), rng.uniform(0.1, 1), rng.uniform(0.02, 1)
