"""Heads that moved while they were scanned."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.augment import affine, cube, sample

# Lines of k-space next to its middle, as a share of all: they say where the head is.
MIDDLE = 0.08


def moved(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Take some lines of k-space from the head turned by up to 4 degrees and shifted by 2 voxels.

    The middle of k-space is the unmoved head's, so that the truth keeps its place.

    Parameters
    ----------
    image : torch.Tensor
        float32 (x, y, z), none below 0.
    rng : numpy.random.Generator
        Decides the movements and which lines they reach.

    Returns
    -------
    torch.Tensor
        The image with ripples and ghosts along one axis.
    """
    axis = int(rng.integers(3))
    lines = torch.fft.fft(image, dim=axis)
    count = image.shape[axis]
    frequency = np.fft.fftfreq(count)
    middle = (np.array(image.shape) - 1) / 2
    for _ in range(int(rng.integers(1, 4))):
        shift = rng.uniform(-2, 2, 3)
        at = cube(
            middle + shift, image.shape, affine(rng, 4, 0, mirror=False), 0, rng, image.device
        )
        other = sample(image[None], at, image.shape, "bilinear")[0]
        first, length = rng.uniform(-0.5, 0.4), rng.uniform(0.05, 0.4)
        reached = (frequency >= first) & (frequency < first + length)
        reached &= np.abs(frequency) > MIDDLE / 2
        shape = [1, 1, 1]
        shape[axis] = count
        mask = torch.from_numpy(reached).to(image.device).reshape(shape)
        lines = torch.where(mask, torch.fft.fft(other, dim=axis), lines)
    return torch.fft.ifft(lines, dim=axis).abs()
