"""Grey values for a label map: every contrast a scanner might give it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.train.smooth import blur, field_like, noise_like

SKULL, BRAIN_ENDS = (515, 516), 100
GREY, WHITE, FLUID = (3, 42, 8, 47), (2, 41, 7, 46, 16, 28, 60, 85), (4, 43, 5, 44, 14, 15, 24)
Numbers = NDArray[np.int64]


def paint(codes: torch.Tensor, numbers: Numbers, rng: np.random.Generator) -> torch.Tensor:
    """T1-, T2-, FLAIR-like or arbitrary grey values, with texture outside the brain.

    Parameters
    ----------
    codes : torch.Tensor of uint8, shape (x, y, z)
        Positions in `numbers`.
    numbers : ndarray of int
        FreeSurfer's numbers.
    """
    mean = rng.uniform(0.05, 1, 1024)
    grey, white, fluid = _contrast(rng)
    for kind, value in ((GREY, grey), (WHITE, white), (FLUID, fluid)):
        mean[list(kind)] = value + rng.normal(0, 0.02, len(kind))
    mean[list(range(9, 14)) + list(range(48, 53))] = (grey + white) / 2
    mean[list(SKULL)] = rng.uniform(0.02, 0.25, 2)
    mean[[506, 507]] = rng.uniform(0.2, 0.9)
    mean[0] = 0
    image = tabled(codes, mean[numbers])
    outside, head = tabled(codes, numbers > BRAIN_ENDS), tabled(codes, numbers > 0)
    texture = field_like(image, 28, rng) * (rng.uniform(0.1, 0.4) * outside)
    grain = noise_like(image, rng) * (rng.uniform(0.005, 0.04) * head)
    image = (image * torch.exp(texture) + grain).clamp_min_(0)
    return blur(image, rng.uniform(0.3, 0.5)) * (0.7 + 0.3 * head)


def tabled(codes: torch.Tensor, values: NDArray[np.generic]) -> torch.Tensor:
    """The value of each voxel's label, float32 (x, y, z)."""
    table = torch.from_numpy(np.asarray(values, np.float32)).to(codes.device)
    return table[codes.int()]


def _contrast(rng: np.random.Generator) -> tuple[float, float, float]:
    kind = rng.random()
    if kind < 0.35:
        return rng.uniform(0.45, 0.65), rng.uniform(0.7, 0.95), rng.uniform(0.05, 0.3)
    if kind < 0.55:
        return rng.uniform(0.5, 0.7), rng.uniform(0.3, 0.5), rng.uniform(0.85, 1.0)
    if kind < 0.8:
        return rng.uniform(0.6, 0.85), rng.uniform(0.4, 0.65), rng.uniform(0.02, 0.25)
    return rng.uniform(0.1, 1), rng.uniform(0.1, 1), rng.uniform(0.02, 1)
