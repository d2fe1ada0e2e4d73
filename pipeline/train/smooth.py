"""Smooth random fields, blur and noise, on whichever device an image lies; axes are voxels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

Size = int | tuple[int, int, int]


def sides(size: Size) -> tuple[int, int, int]:
    """Sides of a box; one number means a cube."""
    return (size, size, size) if isinstance(size, int) else size


def field(
    size: Size,
    knots: int,
    rng: np.random.Generator,
    channels: int = 1,
    device: torch.device | str = "cpu",
) -> torch.Tensor:
    """Random smooth fields of about unit height, float32 (channels, x, y, z)."""
    coarse = torch.from_numpy(rng.standard_normal((1, channels, knots, knots, knots), np.float32))
    return functional.interpolate(
        coarse.to(device), sides(size), mode="trilinear", align_corners=True
    )[0]


def field_like(image: torch.Tensor, knots: int, rng: np.random.Generator) -> torch.Tensor:
    """One smooth field of the shape (x, y, z) and device of an image."""
    x, y, z = image.shape
    return field((x, y, z), knots, rng, device=image.device)[0]


def bias(image: torch.Tensor, strength: float, rng: np.random.Generator) -> torch.Tensor:
    """Multiply (x, y, z) by the exponential of a smooth field, as an uneven receive coil does."""
    return image * torch.exp(field_like(image, int(rng.integers(2, 5)), rng) * strength)


def noise_like(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Standard normal noise; the same draw on one device gives the same noise."""
    generator = torch.Generator(image.device).manual_seed(int(rng.integers(1 << 62)))
    return torch.randn(image.shape, generator=generator, device=image.device)


def blur(image: torch.Tensor, sigma: float | Sequence[float]) -> torch.Tensor:
    """Gaussian blur of (x, y, z), `sigma` in voxels.

    SciPy's gaussian_filter to rounding where four sigma reach no further than the image.
    """
    each = [float(sigma)] * 3 if isinstance(sigma, int | float) else [float(s) for s in sigma]
    for axis, one in enumerate(each):
        if one > 0.1:
            image = _blur_axis(image, axis, one)
    return image


def thick(image: torch.Tensor, axis: int, thickness: float) -> torch.Tensor:
    """Average (x, y, z) along one axis as slices of `thickness` voxels, then interpolate back."""
    sigma = [0.0, 0.0, 0.0]
    sigma[axis] = thickness / 2.355
    shape = list(image.shape)
    shape[axis] = max(2, round(shape[axis] / thickness))
    coarse = functional.interpolate(
        blur(image, sigma)[None, None], shape, mode="trilinear", align_corners=True
    )
    fine = functional.interpolate(coarse, image.shape, mode="trilinear", align_corners=True)
    return fine[0, 0]


def dilate(mask: torch.Tensor, steps: int) -> torch.Tensor:
    """A mask (x, y, z), bool, and what lies within so many steps from voxel to neighbour."""
    for _ in range(steps):
        wide = mask.clone()
        for axis in range(3):
            n = mask.shape[axis] - 1
            wide.narrow(axis, 1, n).logical_or_(mask.narrow(axis, 0, n))
            wide.narrow(axis, 0, n).logical_or_(mask.narrow(axis, 1, n))
        mask = wide
    return mask


def _blur_axis(image: torch.Tensor, axis: int, sigma: float) -> torch.Tensor:
    reach = min(int(4 * sigma + 0.5), image.shape[axis])
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (steps / sigma) ** 2)
    weights /= weights.sum()
    length = image.shape[axis]
    before, after = image.narrow(axis, 0, reach), image.narrow(axis, length - reach, reach)
    padded = torch.cat((before.flip(axis), image, after.flip(axis)), axis)
    blurred = padded.narrow(axis, 0, length) * float(weights[0])
    for start, weight in enumerate(weights[1:].tolist(), start=1):
        blurred.add_(padded.narrow(axis, start, length), alpha=weight)
    return blurred
