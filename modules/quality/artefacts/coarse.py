"""Artefacts as only voxels as acquired can show them: slices coarser than the voxels are."""

from __future__ import annotations

import numpy as np

from pipeline.train.augment import thicken

from .coverage import Image, Spacing
from .scanner import ARTEFACTS, Artefact


def coarse(image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing) -> Image:
    """Slices of 3 to 8 mm interpolated to the voxels there are, or blur in all directions."""
    if rng.random() < 0.5 or min(spacing_mm) > 2:
        return ARTEFACTS["blur"](image, severity, rng, spacing_mm)
    fine = [axis for axis, side in enumerate(spacing_mm) if side <= 2]
    axis = int(rng.choice(fine))
    return thicken(image, axis, (3 + 5 * severity) / spacing_mm[axis])


ACQUIRED: dict[str, Artefact] = {**ARTEFACTS, "blur": coarse}
