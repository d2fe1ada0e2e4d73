"""Scans to learn from and to be tested on: spoilt to a known degree, or no brain MRI at all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..artefacts.coverage import cut, extent
from ..artefacts.scanner import ARTEFACTS
from ..judge.outputs import OUTPUTS
from .phantoms import computed_tomogram, phantom, pure_noise, shuffled
from .scene import SIZE, Scene, place, scene
from .subjects import Subject

Image = NDArray[np.float32]


def spoil(clean: Scene, severities: Mapping[str, float], rng: np.random.Generator) -> Image:
    """Add the named artefacts in the order the scanner would; severity 0 to 1 each."""
    image = clean.image
    for name, artefact in ARTEFACTS.items():
        if name in severities and name != "field_of_view":
            image = artefact(image, severities[name], rng)
    # Brain extraction follows the artefact, and mostly removes what lies outside.
    if clean.stripped and rng.random() < 0.8:
        image = image * (clean.image > 0)
    if "field_of_view" in severities:
        end = cut if clean.stripped else ARTEFACTS["field_of_view"]
        image = _recentred(end(image, severities["field_of_view"], rng), clean.image, rng)
    return image


def foreign(subjects: tuple[Subject, ...], rng: np.random.Generator) -> Image:
    """No structural brain MRI: one of the phantoms, or one of the other images there are."""
    chosen = subjects[int(rng.integers(len(subjects)))]
    if chosen.group == "other":
        return np.asarray(np.abs(place(chosen, rng)), np.float32)
    if chosen.group == "labels" and rng.random() < 0.5:
        return computed_tomogram(np.asarray(place(chosen, rng), np.uint16), rng)
    kind = rng.random()
    if kind < 0.45:
        return phantom((SIZE,) * 3, rng)
    return pure_noise((SIZE,) * 3, rng) if kind < 0.55 else shuffled(scene(chosen, rng).image, rng)


def target(severities: Mapping[str, float]) -> Image:
    """What the network should answer: 0 below severity 0.1, 1 from 0.5, linear between."""
    answer = [np.clip((severities.get(name, 0.0) - 0.1) / 0.4, 0, 1) for name in OUTPUTS]
    return np.array(answer, np.float32)


def _recentred(image: Image, before: Image, rng: np.random.Generator) -> Image:
    """Shift by up to half of what was cut: the runner centres what it is given."""
    for axis in range(3):
        old, new = extent(before, axis), extent(image, axis)
        shift = round((sum(old) - sum(new)) / 2 * rng.uniform(0, 1))
        if shift:
            image = np.asarray(ndimage.shift(image, np.eye(3)[axis] * shift, order=0), np.float32)
    return image
