"""One sample of real people: as they are, healed, or with another patient's tumour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from pipeline.train.augment import affine, cube, sample
from pipeline.train.recipe import Sample
from pipeline.train.smooth import Size, sides

from .real import Patient
from .spoil import drop, finish
from .transplant import transplant


def as_is(patient: Patient, size: Size, rng: np.random.Generator) -> Sample:
    """A person's brain, warped and spoilt, some contrasts missing.

    Returns
    -------
    tuple of torch.Tensor
        Images, float32 (4, x, y, z), and regions (whole, core, enhancing), float32 (3, x, y, z).
    """
    images, regions = _warped(patient.images, patient.regions, size, rng)
    return finish(images, regions, drop(patient.present, rng), rng)


def healed(patient: Patient, size: Size, rng: np.random.Generator) -> Sample:
    """The same without the tumour; as it is where it cannot be taken out."""
    if patient.healed is None:
        return as_is(patient, size, rng)
    images, regions = _warped(patient.healed, torch.zeros_like(patient.regions), size, rng)
    return finish(images, regions, drop(patient.present, rng), rng)


def transplanted(patients: Sequence[Patient], size: Size, rng: np.random.Generator) -> Sample:
    """The tumour of one in the brain of another; its own is taken out where it can be."""
    host, donor = (patients[i] for i in rng.choice(len(patients), 2, replace=False))
    empty = host.healed is not None
    images, regions = _warped(
        host.healed if host.healed is not None else host.images,
        torch.zeros_like(host.regions) if empty else host.regions,
        size,
        rng,
    )
    images, regions = transplant(images, regions, (donor.images, donor.regions), size, rng)
    both = tuple(a and b for a, b in zip(host.present, donor.present, strict=True))
    return finish(images, regions, drop(both, rng), rng)


def _warped(
    images: torch.Tensor, regions: torch.Tensor, size: Size, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Turned by up to 15 degrees, stretched, mirrored, bent; towards the tumour where there is."""
    middle = (np.array(images.shape[1:]) - 1) / 2
    room = np.maximum((np.array(images.shape[1:]) - sides(size)) / 2, 0) + 5
    tumour = (regions[0] > 0.5).nonzero().float()
    towards = tumour.mean(0).numpy(force=True) - middle if len(tumour) else np.zeros(3)
    middle = middle + np.clip(towards, -room, room) * rng.uniform(0, 1) + rng.uniform(-5, 5, 3)
    bend = rng.uniform(0, 4) if rng.random() < 0.67 else 0.0
    at = cube(middle, size, affine(rng, 15, 0.14, mirror=True), bend, rng, images.device)
    both = sample(torch.cat((images, regions)), at, size, "bilinear")
    return both[:4], both[4:]
