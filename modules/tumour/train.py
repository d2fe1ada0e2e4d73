"""Learn whole tumour, core and enhancing part from expert labels, dropping contrasts at random."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.losses import DiceLoss
from scipy import ndimage
from torch.nn import functional

from pipeline.train.augment import affine, bias, cube, thicken
from pipeline.train.recipe import Recipe, Sample, Schedule

CONTRASTS = ("t1", "t1c", "t2", "flair")
ENOUGH = (1, 3)


@dataclass(frozen=True)
class Patient:
    """One labelled case: images float32 (4, x, y, z), regions uint8 (3, x, y, z), 1 mm, LPS."""

    name: str
    images: torch.Tensor
    regions: torch.Tensor
    present: tuple[bool, ...]
    tumour: np.ndarray
    brain: np.ndarray


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the patients under `data`/tumour."""
    settings = json.loads((bundle / "configs" / "train.json").read_text())
    folders = [f for f in sorted((data / "tumour").iterdir()) if f.name not in settings["held_out"]]
    patients = [load(folder) for folder in folders]
    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    dice = DiceLoss(sigmoid=True, batch=True, smooth_nr=1.0, smooth_dr=1.0)
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=lambda rng, _: draw(patients[rng.integers(len(patients))], settings["patch"], rng),
        loss=lambda output, target: (
            dice(output, target) + functional.binary_cross_entropy_with_logits(output, target)
        ),
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(patient.name for patient in patients),
    )


def load(folder: Path) -> Patient:
    """Read one patient's contrasts and labels, scaled inside the brain, cropped to it."""
    labels = np.rint(_array(folder / "seg.nii.gz")).astype(np.uint8)
    found = {
        c: _array(folder / f"{c}.nii.gz") for c in CONTRASTS if (folder / f"{c}.nii.gz").exists()
    }
    brain = np.logical_or.reduce([image != image[0, 0, 0] for image in found.values()])
    box = ndimage.find_objects(brain.astype(np.uint8))[0]
    brain, labels = brain[box], labels[box]
    blank = np.zeros(brain.shape, np.float32)
    images = [normalise(found[c][box], brain) if c in found else blank for c in CONTRASTS]
    # BRATS 2013 keeps a label 3, non-enhancing core, that later challenges merged into 1.
    regions = [labels > 0, np.isin(labels, (1, 3, 4)), labels == 4]
    return Patient(
        folder.name,
        torch.from_numpy(np.stack(images)),
        torch.from_numpy(np.stack(regions).astype(np.uint8)),
        tuple(c in found for c in CONTRASTS),
        np.argwhere(labels > 0),
        np.argwhere(brain[::4, ::4, ::4]) * 4,
    )


def normalise(image: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """Zero mean and unit spread inside the brain, zero outside, as when it predicts."""
    inside = image[brain]
    scaled = (image - inside.mean()) / max(float(inside.std()), 1e-6)
    return np.where(brain, scaled, 0).astype(np.float32)


def draw(patient: Patient, size: int, rng: np.random.Generator) -> Sample:
    """A warped cube of one patient with spoilt contrasts, some of them missing.

    Returns
    -------
    tuple of torch.Tensor
        Images, float32 (4, size, size, size), and regions (whole, core, enhancing), float32
        (3, size, size, size).
    """
    seeds = patient.tumour if rng.random() < 0.6 else patient.brain
    centre = seeds[rng.integers(len(seeds))] + rng.integers(-24, 25, 3)
    matrix = affine(rng, 18, 0.15, mirror=True)
    at = cube(centre, size, matrix, rng.uniform(0, 4), rng)
    images = sample(patient.images, at, size, "bilinear").numpy()
    regions = sample(patient.regions.float(), at, size, "nearest")
    kept = keep(patient.present, rng)
    spoilt = [spoil(images[i], rng) if kept[i] else np.zeros_like(images[i]) for i in range(4)]
    return torch.from_numpy(np.stack(spoilt).astype(np.float32)), regions


def sample(volume: torch.Tensor, at: np.ndarray, size: int, mode: str) -> torch.Tensor:
    """Values of `volume` (channels, x, y, z) at voxel positions `at` (3, size³); zero outside."""
    limit = np.array(volume.shape[1:], np.float32)[:, None] - 1
    grid = torch.from_numpy((at / limit * 2 - 1)[::-1].copy()).T.reshape(1, size, size, size, 3)
    return functional.grid_sample(volume[None], grid, mode=mode, align_corners=True)[0]


def keep(present: tuple[bool, ...], rng: np.random.Generator) -> tuple[bool, ...]:
    """Drop contrasts at random but leave T1c or FLAIR, the least the module accepts."""
    kept = tuple(p and rng.random() > 0.3 for p in present)
    return kept if any(kept[i] for i in ENOUGH) else present


def spoil(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another scanner's contrast curve, bias, noise, resolution; the zero background stays zero."""
    brain = image != 0
    if rng.random() < 0.25:
        image = thicken(image, int(rng.integers(3)), rng.uniform(2.0, 6.0))
    if rng.random() < 0.3:
        image = ndimage.gaussian_filter(image, rng.uniform(0.4, 1.2))
    image = np.sign(image) * np.abs(image) ** np.float32(rng.uniform(0.75, 1.3))
    image = bias(image + 4, rng.uniform(0, 0.15), rng) - 4
    image = image * np.float32(rng.uniform(0.8, 1.25)) + np.float32(rng.normal(0, 0.2))
    noise = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.15))
    return np.where(brain, image + noise, 0)


def _array(path: Path) -> np.ndarray:
    image = nibabel.load(path)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    return np.asarray(image.as_reoriented(to_lps).get_fdata(dtype=np.float32))
