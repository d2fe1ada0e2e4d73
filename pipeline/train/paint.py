"""Images of any contrast painted from label maps, with planted lesions and stripped skulls."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pipeline.train.augment import smooth_field
from pipeline.train.heads import CORTEX, CSF, DEEP, OTHER, WHITE

LESION, CORE = 254, 255
CLASSES = 6
# Mean of ventricular and sulcal CSF, cortical and deep grey, white matter.
CONTRASTS = {
    "T1": (0.2, 0.2, 0.55, 0.62, 0.85),
    "T2": (0.95, 0.95, 0.55, 0.5, 0.38),
    "FLAIR": (0.15, 0.2, 0.65, 0.6, 0.48),
}


def strip(labels: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep the brain, with or without sulcal CSF, and at times a rim or less than all of it."""
    brain = target > 0 if rng.random() < 0.6 else (target > 0) & (target != CSF)
    step = int(rng.integers(-1, 4))
    if step > 0:
        brain = ndimage.binary_dilation(brain, iterations=step)
    elif step < 0:
        brain = ndimage.binary_closing(brain, iterations=2)
    return np.where(brain, labels, 0)


def plant(labels: np.ndarray, rng: np.random.Generator, side: float = 1.0) -> np.ndarray:
    """Grow a blob with a ragged border inside white and grey matter, in voxels of `side` mm."""
    brain = np.argwhere(np.isin(labels[::4, ::4, ::4], (CORTEX, WHITE))) * 4
    if len(brain) == 0:
        return labels
    middle, size = brain[rng.integers(len(brain))], labels.shape[0]
    radius = rng.uniform(4, 34) / side
    axes = [np.arange(size, dtype=np.float32) - c for c in middle]
    x, y, z = (
        (a * np.float32(s)) ** 2 for a, s in zip(axes, rng.uniform(0.6, 1.6, 3), strict=True)
    )
    ragged = np.sqrt(x[:, None, None] + y[None, :, None] + z)
    ragged += smooth_field(size, 10, rng)[0] * np.float32(radius * 0.4)
    blob = (ragged < radius) & np.isin(labels, (CORTEX, DEEP, WHITE))
    core = (ragged < radius * rng.uniform(0.3, 0.8)) & blob
    return np.where(core, CORE, np.where(blob, LESION, labels)).astype(np.uint8)


def paint(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give each structure a Gaussian intensity: around a known contrast, or around any."""
    mean = rng.uniform(0, 1, 256).astype(np.float32)
    spread = rng.uniform(0.01, 0.1, 256).astype(np.float32)
    name = rng.choice(["T1", "T2", "FLAIR", "any"], p=[0.45, 0.15, 0.15, 0.25])
    tissue = rng.uniform(0, 1, 5) if name == "any" else CONTRASTS[name] + rng.normal(0, 0.07, 5)
    mean[1:CLASSES] = tissue
    spread[1:CLASSES] = rng.uniform(0.01, 0.06, 5)
    mean[0] = 0 if rng.random() < 0.8 else rng.uniform(0, 0.3)
    spread[0] = rng.uniform(0, 0.03)
    # White matter is not even: myelin, iron and vessels make it lighter here and darker there.
    lumps = 1 + smooth_field(labels.shape[0], 8, rng)[0] * np.float32(rng.uniform(0, 0.06))
    noise = rng.standard_normal(labels.shape, dtype=np.float32)
    return np.asarray(np.clip(mean[labels] * lumps + spread[labels] * noise, 0, None))


def lump(image: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Break what lies outside the brain into pieces as bright or dark as anything inside it.

    The label maps know scalp and bone; eyes, muscles, glands and fat are one with them. A network
    that met them even would take a muscle as grey as cortex for brain.
    """
    pieces = int(rng.integers(4, 9))
    knots = int(rng.integers(5, 15))
    nearest = smooth_field(labels.shape[0], knots, rng, pieces).argmax(0)
    step = rng.normal(0, rng.uniform(0, 0.35), pieces).astype(np.float32)
    outside = (labels >= OTHER) & (labels < LESION)
    return np.asarray(np.where(outside, np.clip(image + step[nearest], 0, None), image))
