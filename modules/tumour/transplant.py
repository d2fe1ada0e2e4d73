"""Tumours taken out of brains and put into others: twelve patients make many more."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from pipeline.train.augment import affine, cube, sample
from pipeline.train.smooth import Size, blur, sides


def heal(images: torch.Tensor, tumour: torch.Tensor) -> torch.Tensor | None:
    """Fill a tumour, with 4 mm around it, from the mirrored side; (4, x, y, z) and (x, y, z).

    None where what would be filled in is tumour itself, or lies outside the brain.
    """
    wide = functional.max_pool3d(tumour.float()[None], 7, 1, 3)[0] > 0
    inside = (images > 0).any(0)
    middle = round(float(inside.nonzero()[:, 0].float().mean()) * 2)
    index = (middle - torch.arange(images.shape[1])).clamp(0, images.shape[1] - 1)
    mirrored = images[:, index]
    usable = (mirrored > 0).any(0) & ~wide[index]
    if (wide & inside & ~usable).sum() > 0.05 * wide.sum():
        return None
    # Faded in over some millimetres around it, or the seam would give the filling away.
    soft = functional.avg_pool3d(wide.float()[None], 5, 1, 2)[0]
    soft = torch.where(tumour, 1.0, soft) * usable * inside
    return images * (1 - soft) + mirrored * soft


def transplant(
    images: torch.Tensor,
    regions: torch.Tensor,
    donor: tuple[torch.Tensor, torch.Tensor],
    size: Size,
    rng: np.random.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Put another patient's tumour, turned and bent, anywhere into a brain.

    Parameters
    ----------
    images, regions : torch.Tensor
        The brain's, float32 (4, x, y, z) and (3, x, y, z), both of `size`.
    donor : tuple of torch.Tensor
        The other patient's, of any shape.
    size : int or tuple of int
        Shape of the box.
    rng : numpy.random.Generator
        Decides where and how.

    Returns
    -------
    tuple of torch.Tensor
        Images and regions with the tumour in them, where it is inside the brain.
    """
    brain = (images > 0).any(0)
    matrix = affine(rng, 40, 0.25, mirror=True)
    into, out = _somewhere(brain, rng), _somewhere(donor[1][0] > 0.5, rng)
    middle = (np.array(sides(size)) - 1) / 2
    at = cube(out - matrix @ (into - middle), size, matrix, rng.uniform(0, 3), rng, images.device)
    parts = sample(donor[1], at, size, "bilinear") * brain
    whole = parts[0]
    mixed = torch.maximum(whole, blur(whole, 0.8)) * brain
    placed = images * (1 - mixed) + sample(donor[0], at, size, "bilinear") * mixed
    return placed, torch.maximum(parts, regions * (1 - whole))


def _somewhere(mask: torch.Tensor, rng: np.random.Generator) -> np.ndarray:
    """A random voxel of a mask (x, y, z); its middle where the mask is empty."""
    found = mask.flatten().nonzero()[:, 0]
    if len(found) == 0:
        return (np.array(mask.shape) - 1) / 2
    chosen = int(found[int(rng.integers(len(found)))])
    return np.array(np.unravel_index(chosen, mask.shape), np.float64)
