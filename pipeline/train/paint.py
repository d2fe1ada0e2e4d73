"""Images of any contrast painted from label maps, with planted lesions and stripped skulls."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.heads import CORTEX, CSF, DEEP, OTHER, WHITE
from pipeline.train.smooth import blur, dilate, field_like, noise_like

LESION, CORE = 254, 255
CLASSES = 6
# Mean of ventricular and sulcal CSF, cortical and deep grey, white matter.
CONTRASTS = {
    "T1": (0.2, 0.2, 0.55, 0.62, 0.85),
    "T2": (0.95, 0.95, 0.55, 0.5, 0.38),
    "FLAIR": (0.15, 0.2, 0.65, 0.6, 0.48),
}


def strip(labels: torch.Tensor, target: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Keep the brain, with or without sulcal CSF, and at times a rim or less than all of it."""
    brain = target > 0 if rng.random() < 0.6 else (target > 0) & (target != CSF)
    step = int(rng.integers(-1, 4))
    if step < 0:
        return labels * ~dilate(~dilate(brain, 2), 2)
    return labels * dilate(brain, step)


def ragged(brain: torch.Tensor, rng: np.random.Generator, side: float = 1.0) -> torch.Tensor:
    """A brain mask as a network draws it, bool (x, y, z).

    Up to 6 mm too wide or 3 mm too tight, at times with islands beside it.
    """
    soft = blur(brain.float(), 4 / side)
    uneven = field_like(soft, int(rng.integers(4, 12)), rng) * rng.uniform(0, 0.15)
    return soft + uneven > rng.uniform(0.07, 0.75)


def plant(labels: torch.Tensor, rng: np.random.Generator, side: float = 1.0) -> torch.Tensor:
    """Grow a blob with a ragged border inside white and grey matter, in voxels of `side` mm."""
    away = distance(labels, (CORTEX, WHITE), rng, side)
    if away is None:
        return labels
    radius = rng.uniform(4, 34)
    away = away + field_like(away, 10, rng) * (radius * 0.4)
    blob = (away < radius) & among(labels, (CORTEX, DEEP, WHITE))
    core = (away < radius * rng.uniform(0.3, 0.8)) & blob
    return labels.masked_fill(blob, LESION).masked_fill(core, CORE)


def distance(
    labels: torch.Tensor, classes: tuple[int, ...], rng: np.random.Generator, side: float
) -> torch.Tensor | None:
    """Distance, mm, float32 (x, y, z), from a random voxel of some classes, longer one way."""
    seeds = among(labels[::4, ::4, ::4], classes).nonzero()
    if len(seeds) == 0:
        return None
    middle = (seeds[int(rng.integers(len(seeds)))] * 4).tolist()
    x, y, z = (
        ((torch.arange(n, dtype=torch.float32, device=labels.device) - c) * side) ** 2 * stretch
        for n, c, stretch in zip(labels.shape, middle, rng.uniform(0.6, 1.6, 3), strict=True)
    )
    away: torch.Tensor = (x[:, None, None] + y[:, None] + z).sqrt()
    return away


def among(labels: torch.Tensor, classes: tuple[int, ...]) -> torch.Tensor:
    """Where labels are one of some classes, bool."""
    table = torch.zeros(256, dtype=torch.bool, device=labels.device)
    table[list(classes)] = True
    return table[labels.int()]


def paint(labels: torch.Tensor, rng: np.random.Generator, contrast: str = "") -> torch.Tensor:
    """Give each structure a Gaussian intensity: around a known contrast, or around any.

    `contrast` is one of `CONTRASTS` or "any"; drawn where it is left out.
    """
    mean = rng.uniform(0, 1, 256).astype(np.float32)
    spread = rng.uniform(0.01, 0.1, 256).astype(np.float32)
    drawn = rng.choice(["T1", "T2", "FLAIR", "any"], p=[0.45, 0.15, 0.15, 0.25])
    name = contrast or str(drawn)
    tissue = rng.uniform(0, 1, 5) if name == "any" else CONTRASTS[name] + rng.normal(0, 0.07, 5)
    mean[1:CLASSES] = tissue
    spread[1:CLASSES] = rng.uniform(0.01, 0.06, 5)
    mean[0] = 0 if rng.random() < 0.8 else rng.uniform(0, 0.3)
    spread[0] = rng.uniform(0, 0.03)
    return fill(labels, mean, spread, rng)


def fill(
    labels: torch.Tensor, mean: np.ndarray, spread: np.ndarray, rng: np.random.Generator
) -> torch.Tensor:
    """Intensities, float32 (x, y, z) and none below 0, from a mean and spread for each label."""
    means, spreads = (
        torch.from_numpy(np.asarray(table, np.float32)).to(labels.device)
        for table in (mean, spread)
    )
    at = labels.int()
    # White matter is not even: myelin, iron and vessels make it lighter here and darker there.
    lumps = 1 + field_like(labels, 8, rng) * rng.uniform(0, 0.06)
    return (means[at] * lumps).addcmul_(spreads[at], noise_like(labels, rng)).clamp_min_(0)


def lump(image: torch.Tensor, labels: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Break what lies outside the brain into pieces as bright or dark as anything inside it.

    The label maps know scalp and bone; eyes, muscles, glands and fat are one with them. A network
    that met them even would take a muscle as grey as cortex for brain.
    """
    pieces = int(rng.integers(4, 9))
    knots = int(rng.integers(5, 15))
    fields = [field_like(image, knots, rng) for _ in range(pieces)]
    step = rng.normal(0, rng.uniform(0, 0.35), pieces).astype(np.float32)
    # The step of the largest field; torch's argmax takes five times as long on a CPU.
    largest, added = fields[0], torch.full_like(image, float(step[0]))
    for field, height in zip(fields[1:], step[1:].tolist(), strict=True):
        added = torch.where(field > largest, height, added)
        largest = torch.maximum(field, largest)
    outside = (labels >= OTHER) & (labels < LESION)
    lumpy = (image + added).clamp_min(0)
    return torch.where(outside, lumpy, image)
