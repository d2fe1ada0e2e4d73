"""Artefacts as only voxels as acquired can show them: any movement, coarse resolution."""

from __future__ import annotations

import numpy as np
from scipy import fft

from pipeline.train.augment import thicken

from .artefacts import ARTEFACTS, Artefact, displaced, ghosting
from .coverage import Image, Spacing


def moved(image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing) -> Image:
    """The head moves one to three times, at any time: k-space is put together from its places.

    The lines in the middle are those of the head where it belongs, or it would merely be displaced.
    """
    axis = int(rng.integers(3))
    still = fft.fft(image, axis=axis)
    count = image.shape[axis]
    place = np.fft.fftshift(np.arange(count))
    turns = np.sort(rng.uniform(0, 1, int(rng.integers(1, 4))))
    segment = np.searchsorted(turns, np.arange(count) / count)
    index: list[slice | np.ndarray] = [slice(None)] * 3
    for number in set(segment.tolist()) - {int(segment[count // 2])}:
        elsewhere = fft.fft(displaced(image, severity, rng, spacing_mm), axis=axis)
        index[axis] = place[segment == number]
        still[tuple(index)] = elsewhere[tuple(index)]
    return np.asarray(np.abs(fft.ifft(still, axis=axis)), np.float32)


def moved_or_ghosting(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> Image:
    """Two draws in three a movement, which takes more forms."""
    return (moved if rng.random() < 0.67 else ghosting)(image, severity, rng, spacing_mm)


def coarse(image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing) -> Image:
    """Slices of 3 to 8 mm interpolated to the voxels there are, or blur in all directions."""
    if rng.random() < 0.5 or min(spacing_mm) > 2:
        return ARTEFACTS["blur"](image, severity, rng, spacing_mm)
    fine = [axis for axis, side in enumerate(spacing_mm) if side <= 2]
    axis = int(rng.choice(fine))
    return thicken(image, axis, (3 + 5 * severity) / spacing_mm[axis])


ACQUIRED: dict[str, Artefact] = {
    **ARTEFACTS,
    "blur": coarse,
    "motion_ghosting": moved_or_ghosting,
}
