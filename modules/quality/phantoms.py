"""What is no structural brain MRI: phantoms, noise, shuffled anatomy, bones as in CT, maps."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.train.smooth import blur, noise_like

from .paint import Numbers, tabled


def phantom(empty: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Ellipsoids, cylinders or boxes of random brightness, a few nested or side by side.

    `empty` gives shape (x, y, z) and device.
    """
    image, power = torch.zeros_like(empty), float(rng.choice((1.0, 2.0, 8.0)))
    for size in sorted(rng.uniform(0.05, 0.9, int(rng.integers(1, 12))))[::-1]:
        radii = size * rng.uniform(0.5, 1.2, 3)
        if rng.random() < 0.3:
            radii[int(rng.integers(3))] = 10
        middle = rng.uniform(-1, 1, 3) * (1 - size)
        x, y, z = (
            torch.from_numpy(np.abs((np.linspace(-1, 1, n) - m) / r) ** power)
            .float()
            .to(empty.device)
            for n, m, r in zip(empty.shape, middle, radii, strict=True)
        )
        image.masked_fill_(x[:, None, None] + y[:, None] + z < 1, rng.uniform(0, 1))
    return _finish(image, rng)


def pure_noise(empty: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """No object at all: white or smooth noise."""
    image = noise_like(empty, rng)
    image = (blur(image, rng.uniform(0.5, 4)) if rng.random() < 0.5 else image).abs()
    return image / image.max().clamp_min(1e-6)


def shuffled(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """The same blocks of tissue in another order: slices sorted wrongly, or volumes mixed up."""
    axis, parts = int(rng.integers(3)), int(rng.choice((4, 8, 16, 32)))
    for turn in range(int(rng.integers(1, 4))):
        across = (axis + turn) % 3
        blocks = np.array_split(np.arange(image.shape[across]), parts)
        order = np.concatenate([blocks[number] for number in rng.permutation(parts)])
        image = image.index_select(across, torch.from_numpy(order).to(image.device))
    return image


def computed_tomogram(
    codes: torch.Tensor, numbers: Numbers, rng: np.random.Generator
) -> torch.Tensor:
    """A CT-like picture of a head's label map: bone bright, brain flat, air black."""
    values = np.where(numbers > 0, rng.uniform(0.15, 0.5), 0)
    values[np.isin(numbers, (515, 516))] = rng.uniform(0.8, 1.0)
    values[np.isin(numbers, (4, 24, 43, 14, 15))] *= rng.uniform(0.8, 0.97)
    values[np.isin(numbers, (511,))] *= rng.uniform(0.7, 1.0)
    if rng.random() < 0.4:
        values = values + rng.uniform(0.05, 0.3) * (numbers == 0)
    return _finish(tabled(codes, values), rng)


def coloured(codes: torch.Tensor, numbers: Numbers, rng: np.random.Generator) -> torch.Tensor:
    """A label map taken for an image: every structure of one grey value, with sharp borders."""
    values: NDArray[np.float64] = np.where(numbers > 0, rng.uniform(0.1, 1, len(numbers)), 0)
    if rng.random() < 0.5:
        values = np.where(numbers < 100, values, 0)
    return tabled(codes, values)


def steepness(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """How steeply an image changes, as maps of diffusion do at borders; brain or head."""
    smooth = blur(image, rng.uniform(0.5, 1.5))
    found = torch.stack(torch.gradient(smooth)).square().sum(0).sqrt()
    return found / found.max().clamp_min(1e-6)


def _finish(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    image = blur(image, rng.uniform(0.3, 1.0))
    return (image + noise_like(image, rng) * rng.uniform(0, 0.08)).abs()
