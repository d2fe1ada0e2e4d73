"""What a scanner makes of a perfect image: partial volume, slices, coil, noise, field of view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from pipeline.train.smooth import bias, blur, noise_like


def scan(
    image: torch.Tensor,
    rng: np.random.Generator,
    side: float = 1.0,
    sides_mm: Sequence[float] = (),
) -> torch.Tensor:
    """Blur, bias and sample an image, float32 (x, y, z) in voxels of `side` mm, none below 0.

    With `sides_mm`, the sides of the scanner's voxels, nothing is cut off; else both are drawn.
    """
    image = bias(image, rng.uniform(0, 0.5), rng)
    drawn = slices(rng)
    spacing = np.maximum(np.array(sides_mm or drawn) / side, 1.0)
    image = blur(image, np.maximum(spacing * 0.4, rng.uniform(0.3, 0.7)).tolist())
    shape = [max(4, round(n / s)) for n, s in zip(image.shape, spacing, strict=True)]
    coarse = _resize(image, shape)
    coarse = (coarse + noise_like(coarse, rng) * image.max() * rng.uniform(0, 0.08)).abs()
    fine = _resize(coarse, image.shape)
    image = (fine / fine.max().clamp_min(1e-6)) ** rng.uniform(0.6, 1.6)
    return crop(image, rng) if not sides_mm and rng.random() < 0.2 else image


def slices(rng: np.random.Generator) -> np.ndarray:
    """Voxel sides in mm: fine, thick along one axis, or coarse along all."""
    spacing = np.ones(3)
    kind = rng.random()
    if kind < 0.45:
        spacing[rng.choice(3, p=[0.2, 0.25, 0.55])] = rng.uniform(1.2, 7.0)
    elif kind < 0.65:
        spacing[:] = rng.uniform(1.0, 2.5)
    return spacing


def crop(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """A field of view that ends early on one side."""
    axis, share = int(rng.integers(3)), rng.uniform(0.05, 0.35)
    kept, length = image.clone(), image.shape[axis]
    width = round(share * length)
    kept.narrow(axis, 0 if rng.random() < 0.5 else length - width, width).zero_()
    return kept


def scale(image: torch.Tensor) -> torch.Tensor:
    """1st to 99.5th percentile onto 0 to 1, as the bundles' preprocessing does."""
    few = image[::2, ::2, ::2].flatten()
    low, high = (
        few.kthvalue(1 + round(share * (few.numel() - 1))).values for share in (0.01, 0.995)
    )
    return (image - low) / (high - low).clamp_min(1e-6)


def _resize(image: torch.Tensor, shape: Sequence[int]) -> torch.Tensor:
    if tuple(shape) == tuple(image.shape):
        return image
    return functional.interpolate(image[None, None], tuple(shape), mode="trilinear")[0, 0]
