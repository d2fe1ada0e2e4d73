"""What other scanners, hospitals and tools do to the contrasts of one brain; voxels of 1.5 mm."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.paint import ragged
from pipeline.train.recipe import Sample
from pipeline.train.scanner import crop
from pipeline.train.smooth import bias, blur, field_like, noise_like, thick

from .move import moved

SIDE = 1.5
T1C, FLAIR = 1, 3
# How often, at the least, one contrast is all there is, and how often none goes missing.
ALONE = {T1C: 0.2, FLAIR: 0.12}
COMPLETE = 0.28


def drop(present: tuple[bool, ...], rng: np.random.Generator) -> tuple[bool, ...]:
    """All there are, T1c or FLAIR alone, or any that hold T1c or FLAIR.

    T1c alone comes often, since it is the hardest to learn from.
    """
    chance = float(rng.random())
    if chance < COMPLETE or not (present[T1C] or present[FLAIR]):
        return present
    chance -= COMPLETE
    for only, share in ALONE.items():
        if present[only] and chance < share:
            return tuple(number == only for number in range(len(present)))
        chance -= share
    while True:
        kept = tuple(there and rng.random() < 0.5 for there in present)
        if kept[T1C] or kept[FLAIR]:
            return kept


def finish(
    images: torch.Tensor, truth: torch.Tensor, kept: tuple[bool, ...], rng: np.random.Generator
) -> Sample:
    """Spoil each kept contrast (4, x, y, z), cut the brain out badly at times, and normalise.

    Where the brain was cut away, the truth (3, x, y, z) asks for nothing either.
    """
    brain = (images > 0).any(0)
    if rng.random() < 0.35:
        brain = brain & ragged(brain, rng, SIDE)
    if rng.random() < 0.06:
        brain = crop(brain.float(), rng) > 0
    rim = _rim(brain, rng)
    # One patient's series are mostly planned along one axis.
    axis = int(rng.choice(3, p=(0.2, 0.2, 0.6)))
    done = torch.zeros_like(images)
    for number, there in enumerate(kept):
        if there:
            image = spoil(images[number], axis, rng) * brain
            if rim is not None:
                image = torch.where(rim, image.max() * rng.uniform(0.05, 1.1), image)
            done[number] = normalise(image)
    return done, truth * brain


def spoil(image: torch.Tensor, axis: int, rng: np.random.Generator) -> torch.Tensor:
    """Another contrast curve, movement, sharpness, slices, coil and noise; from 0 to about 1."""
    if rng.random() < 0.1:
        image = moved(image, rng)
    if rng.random() < 0.5:
        image = image.clamp_min(0) ** float(np.exp(rng.uniform(-0.45, 0.45)))
    if rng.random() < 0.25:
        image = thick(image, axis, rng.uniform(1.0, 4.2))
    elif rng.random() < 0.2:
        image = blur(image, rng.uniform(0.3, 0.8))
    if rng.random() < 0.6:
        image = bias(image, rng.uniform(0, 0.9), rng)
    if rng.random() < 0.35:
        image = image + noise_like(image, rng) * rng.uniform(0, 0.1)
    return image.clamp_min(1e-3)


def normalise(image: torch.Tensor) -> torch.Tensor:
    """Zero mean and unit spread where the image is not zero, as when it predicts."""
    inside = image != 0
    count = inside.sum().clamp_min(1)
    mean = image.sum() / count
    spread = (((image - mean) ** 2 * inside).sum() / count).sqrt().clamp_min(1e-6)
    return (image - mean) / spread * inside


def _rim(brain: torch.Tensor, rng: np.random.Generator) -> torch.Tensor | None:
    """Patches of skull or scalp left around the brain, in one draw of eight."""
    if rng.random() > 0.12:
        return None
    near = blur(brain.float(), rng.uniform(1, 2)) > rng.uniform(0.05, 0.3)
    return near & ~brain & (field_like(near, int(rng.integers(4, 9)), rng) > rng.uniform(0, 1))
