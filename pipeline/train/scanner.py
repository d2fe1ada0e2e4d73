"""What a scanner makes of a perfect image: partial volume, slices, coil, noise, field of view."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional

from pipeline.train.augment import bias


def scan(image: np.ndarray, rng: np.random.Generator, side: float = 1.0) -> np.ndarray:
    """Blur, bias and sample an image, float32 (x, y, z) in voxels of `side` mm, none below 0."""
    image = bias(image, rng.uniform(0, 0.5), rng)
    spacing = np.maximum(slices(rng) / side, 1.0)
    noise = rng.uniform(0, 0.08) * (image.max() or 1)
    image = ndimage.gaussian_filter(image, np.maximum(spacing * 0.4, rng.uniform(0.3, 0.7)))
    coarse = _resize(
        image, [max(4, round(n / s)) for n, s in zip(image.shape, spacing, strict=True)]
    )
    coarse = np.abs(
        coarse + rng.standard_normal(coarse.shape, dtype=np.float32) * np.float32(noise)
    )
    fine = _resize(coarse, image.shape)
    image = (fine / max(float(fine.max()), 1e-6)) ** np.float32(rng.uniform(0.6, 1.6))
    return crop(image, rng) if rng.random() < 0.2 else image


def slices(rng: np.random.Generator) -> np.ndarray:
    """Voxel sides in mm: fine, thick along one axis, or coarse along all."""
    spacing = np.ones(3)
    kind = rng.random()
    if kind < 0.45:
        spacing[rng.choice(3, p=[0.2, 0.25, 0.55])] = rng.uniform(1.2, 7.0)
    elif kind < 0.65:
        spacing[:] = rng.uniform(1.0, 2.5)
    return spacing


def crop(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A field of view that ends early on one side."""
    axis, share = int(rng.integers(3)), rng.uniform(0.05, 0.35)
    kept = np.moveaxis(image.copy(), axis, 0)
    width = round(share * len(kept))
    kept[slice(0, width) if rng.random() < 0.5 else slice(len(kept) - width, None)] = 0
    return np.moveaxis(kept, 0, axis)


def scale(image: np.ndarray) -> np.ndarray:
    """1st to 99.5th percentile onto 0 to 1, as the bundle's preprocessing does."""
    low, high = np.percentile(image[::2, ::2, ::2], (1, 99.5))
    return np.asarray((image - low) / max(float(high - low), 1e-6), np.float32)


def _resize(image: np.ndarray, shape: list[int] | tuple[int, ...]) -> np.ndarray:
    if tuple(shape) == image.shape:
        return image
    tensor = torch.from_numpy(np.ascontiguousarray(image, np.float32))[None, None]
    return functional.interpolate(tensor, tuple(shape), mode="trilinear")[0, 0].numpy()
