"""One sample of real people: as they are, healed, or with another patient's tumour."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.augment import affine, cube, sample
from pipeline.train.recipe import Sample
from pipeline.train.smooth import Size, sides

from .real import Patient
from .recolour import recolour
from .spoil import drop, finish
from .transplant import transplant


def as_is(patient: Patient, size: Size, rng: np.random.Generator) -> Sample:
    """A person's brain, warped and spoilt, the tumour lighter or darker, some contrasts missing.

    Returns
    -------
    tuple of torch.Tensor
        Images, float32 (4, x, y, z), and regions (whole, core, enhancing), float32 (3, x, y, z).
    """
    images, regions = _warped(patient, patient.images, patient.regions, size, rng)
    images = recolour(images, regions, rng)
    return finish(images, regions, drop(patient.present, rng), rng)


def healed(patient: Patient, size: Size, rng: np.random.Generator) -> Sample:
    """The same without the tumour, but for what could not be taken out."""
    images, regions = _warped(patient, patient.healed, patient.left, size, rng)
    return finish(images, regions, drop(patient.present, rng), rng)


def transplanted(host: Patient, donor: Patient, size: Size, rng: np.random.Generator) -> Sample:
    """The tumour of one in the brain of another, faint at times; its own is taken out."""
    images, regions = _warped(host, host.healed, host.left, size, rng)
    strength = rng.uniform(0.35, 1) if rng.random() < 0.4 else 1.0
    giver = recolour(donor.images, donor.regions, rng), donor.regions
    images, regions = transplant(images, regions, giver, size, rng, strength)
    both = tuple(a and b for a, b in zip(host.present, donor.present, strict=True))
    return finish(images, regions, drop(both, rng), rng)


def _warped(
    patient: Patient,
    images: torch.Tensor,
    regions: torch.Tensor,
    size: Size,
    rng: np.random.Generator,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Turned by up to 15 degrees, stretched, mirrored, bent; towards where the tumour is or was."""
    middle = (np.array(images.shape[1:]) - 1) / 2
    room = np.maximum((np.array(images.shape[1:]) - sides(size)) / 2, 0) + 5
    tumour = (patient.regions[0] > 0.5).nonzero().float()
    towards = tumour.mean(0).numpy(force=True) - middle if len(tumour) else np.zeros(3)
    middle = middle + np.clip(towards, -room, room) * rng.uniform(0, 1) + rng.uniform(-5, 5, 3)
    bend = rng.uniform(0, 4) if rng.random() < 0.67 else 0.0
    at = cube(middle, size, affine(rng, 15, 0.14, mirror=True), bend, rng, images.device)
    both = sample(torch.cat((images, regions)), at, size, "bilinear")
    return both[:4], both[4:]
