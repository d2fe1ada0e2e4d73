"""Series to learn from and to be tested on: clean, harmlessly varied, spoilt, or no brain MRI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from pipeline.train.smooth import blur

from .artefacts import ARTEFACTS, KINDS
from .coverage import field_of_view, tight
from .paint import BRAIN_ENDS, paint, tabled
from .phantoms import coloured, computed_tomogram, phantom, pure_noise, shuffled, steepness
from .place import SIZE, read, turned
from .series import Series, kept, scaled, thicker
from .sources import Source

# Sides that a Fourier transform is quick with.
MULTIPLE = 16
MIDDLE = np.full(3, (SIZE - 1) / 2)


def scan(source: Source, rng: np.random.Generator) -> Series:
    """A person's clean series as it is; painted with a random contrast where there are labels."""
    image, stripped = source.voxels, source.group == "stripped"
    if source.group == "labels":
        stripped = bool(rng.random() < 0.25)
        if stripped:
            image = image * (tabled(image, source.numbers) < BRAIN_ENDS)
        image = paint(image, source.numbers, rng)
    return Series(image.float(), source.spacing_mm, stripped, source.centre, source.extent)


def another(source: Source, rng: np.random.Generator) -> Source:
    """Another head: turned by up to 9 degrees and mirrored; of a label map in other voxels.

    Images are turned in one draw of four only, and then on the same voxels: interpolation blurs.
    """
    drawn = source.group == "labels"
    if not drawn and rng.random() < 0.75:
        return _mirrored(source) if rng.random() < 0.5 else source
    side = np.array(source.spacing_mm)
    fine = side * (rng.uniform(0.9, 1.3) if drawn and rng.random() < 0.6 else 1.0)
    matrix = turned(rng.uniform(-9, 9, 3)) * fine / side[:, None]
    if rng.random() < 0.5:
        matrix[:, 0] *= -1
    old = np.array(source.voxels.shape)
    shape = [int(n) for n in np.ceil(old * side / fine)]
    mode = "nearest" if drawn else "bilinear"
    voxels = read(source.voxels.float(), matrix, (old - 1) / 2, shape, mode)
    middle = (np.array(shape) - 1) / 2
    ratio = side / fine
    return replace(
        source,
        voxels=voxels.to(source.voxels.dtype),
        spacing_mm=(float(fine[0]), float(fine[1]), float(fine[2])),
        centre=(source.centre - (old - 1) / 2) * ratio + middle,
        extent=scaled(source.extent, ratio),
    )


def vary(clean: Series, rng: np.random.Generator) -> Series:
    """What good series differ in: field of view, slices, contrast, shading, noise, a little."""
    if not clean.stripped and rng.random() < 0.4:
        clean = tight(clean, rng)
    if rng.random() < 0.4 and max(clean.spacing_mm) < 2:
        clean = thicker(clean, int(rng.integers(3)), rng.uniform(2.0, 6.0))
    image, inside = clean.image, clean.image > 0
    if rng.random() < 0.25:
        image = blur(image, rng.uniform(0.2, 0.55, 3).tolist())
    image = image ** rng.uniform(0.8, 1.25)
    image = ARTEFACTS["bias"](image, rng.uniform(0, 0.25), rng, clean.spacing_mm)
    if rng.random() < 0.6:
        image = ARTEFACTS["noise"](image, rng.uniform(0, 0.1), rng, clean.spacing_mm)
    return replace(clean, image=image * inside if clean.stripped else image)


def spoil(clean: Series, severities: Mapping[str, float], rng: np.random.Generator) -> Series:
    """Add artefacts in the order the scanner would, severity 0 to 1 each; brain extraction last.

    `severities` are those of outputs, or of the kinds of an output that are told apart in tables.
    """
    image = clean.image
    for name, artefact in (ARTEFACTS | KINDS).items():
        if name in severities:
            image = artefact(image, severities[name], rng, clean.spacing_mm)
    found = replace(clean, image=image * (clean.image > 0) if clean.stripped else image)
    if "field_of_view" not in severities:
        return found
    return field_of_view(found, severities["field_of_view"], rng)


def acquired(source: Source, rng: np.random.Generator) -> Series:
    """`scan` with a field of view of its own: what was cropped to the head gets air around it."""
    found = scan(source, rng)
    return found if source.group == "head" else _surrounded(found, rng)


def foreign(sources: Sequence[Source], rng: np.random.Generator) -> Series:
    """No structural brain MRI: a phantom, a map, or one of the other images there are."""
    chosen = sources[int(rng.integers(len(sources)))]
    if chosen.group != "other":
        chosen = another(chosen, rng)
    ends = (0, SIZE)
    empty = torch.zeros((SIZE,) * 3, device=chosen.voxels.device)
    kind = rng.random()
    if chosen.group == "other":
        return scan(chosen, rng)
    if kind < 0.4:
        image = (phantom if kind < 0.3 else pure_noise)(empty, rng)
        side = float(rng.uniform(1, 2))
        return Series(image, (side, side, side), False, MIDDLE, (ends, ends, ends))
    clean = scan(chosen, rng)
    if chosen.group == "labels" and kind < 0.8:
        make = computed_tomogram if kind < 0.65 else coloured
        return replace(clean, image=make(chosen.voxels, chosen.numbers, rng))
    make = shuffled if rng.random() < 0.6 else steepness
    return replace(clean, image=make(clean.image, rng))


def _surrounded(series: Series, rng: np.random.Generator) -> Series:
    """Up to 24 mm of air, to sides that are quick."""
    first, last = [], []
    for n, side in zip(series.image.shape, series.spacing_mm, strict=True):
        total = -(-(n + round(rng.uniform(0, 24) / side)) // MULTIPLE) * MULTIPLE
        before = round((total - n) * rng.uniform(0.3, 0.7))
        first.append(-before)
        last.append(total - before)
    return kept(series, first, last)


def _mirrored(source: Source) -> Source:
    """Left for right."""
    n, ends = source.voxels.shape[0], source.extent
    centre = source.centre.copy()
    centre[0] = n - 1 - centre[0]
    flipped = (n - ends[0][1], n - ends[0][0])
    extent = (flipped, ends[1], ends[2])
    return replace(source, voxels=source.voxels.flip(0), centre=centre, extent=extent)
