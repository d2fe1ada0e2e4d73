"""Tumours taken out of brains and put into others: twelve patients make many more."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from pipeline.train.augment import affine, cube, sample
from pipeline.train.smooth import Size, blur, sides


def heal(images: torch.Tensor, regions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Fill a tumour, with 4 mm around it, from the mirrored side, where that is healthy brain.

    Parameters
    ----------
    images, regions : torch.Tensor
        float32 (4, x, y, z) and (3, x, y, z).

    Returns
    -------
    tuple of torch.Tensor
        The images, and what is left of the regions: the part that the other side has, too.
    """
    tumour = regions[0] > 0
    wide = functional.max_pool3d(tumour.float()[None], 7, 1, 3)[0] > 0
    inside = (images > 0).any(0)
    middle = round(float(inside.nonzero()[:, 0].float().mean()) * 2)
    index = middle - torch.arange(images.shape[1], device=images.device)
    within = (index >= 0) & (index < images.shape[1])
    index = index.clamp(0, images.shape[1] - 1)
    mirrored = images[:, index]
    usable = (mirrored > 0).any(0) & ~wide[index] & within[:, None, None]
    # Faded in over some millimetres around it, or the seam would give the filling away.
    soft = functional.avg_pool3d(wide.float()[None], 5, 1, 2)[0]
    soft = torch.where(tumour, 1.0, soft) * usable * inside
    return images * (1 - soft) + mirrored * soft, regions * (1 - soft)


def transplant(
    images: torch.Tensor,
    regions: torch.Tensor,
    donor: tuple[torch.Tensor, torch.Tensor],
    size: Size,
    rng: np.random.Generator,
    strength: float = 1.0,
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
    strength : float
        1 shows the tumour as the donor has it; less lets the brain shine through, as a faint one.

    Returns
    -------
    tuple of torch.Tensor
        Images and regions with the tumour in them, where it is inside both brains.
    """
    brain = (images > 0).any(0)
    matrix = affine(rng, 40, 0.25, mirror=True)
    into, out = _somewhere(brain, rng), _somewhere(donor[1][0] > 0.5, rng)
    middle = (np.array(sides(size)) - 1) / 2
    at = cube(out - matrix @ (into - middle), size, matrix, rng.uniform(0, 3), rng, images.device)
    theirs = torch.cat((*donor, (donor[0] > 0).any(0, keepdim=True)))
    seen = sample(theirs, at, size, "bilinear")
    # Half of what lies on the donor's surface is air, which would be a dark seam in the brain.
    both = brain & (seen[7] > 0.99)
    parts = seen[4:7] * both
    mixed = torch.maximum(parts[0], blur(parts[0], 0.8)) * both
    placed = images + (seen[:4] - images) * (mixed * strength)
    return placed, torch.maximum(parts, regions * (1 - parts[0]))


def _somewhere(mask: torch.Tensor, rng: np.random.Generator) -> np.ndarray:
    """A random voxel of a mask (x, y, z); its middle where the mask is empty."""
    found = mask.flatten().nonzero()[:, 0]
    if len(found) == 0:
        return (np.array(mask.shape) - 1) / 2
    chosen = int(found[int(rng.integers(len(found)))])
    return np.array(np.unravel_index(chosen, mask.shape), np.float64)
