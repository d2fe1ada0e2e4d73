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

from pipeline.train.augment import affine, cube, sample
from pipeline.train.device import accelerator
from pipeline.train.recipe import Recipe, Sample, Schedule
from pipeline.train.smooth import bias, blur, noise_like, thick

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


def recipe(bundle: Path, data: Path, fold: int | None = None) -> Recipe:
    """Build the task from configs/train.json and the patients under `data`/tumour.

    Without `fold` the patients that are held out of the release are left out, with it, from 1,
    those of the fold.
    """
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    left_out = settings["folds"][fold - 1] if fold else settings["held_out"]
    folders = [f for f in sorted((data / "tumour").iterdir()) if f.name not in left_out]
    patients = [load(folder, accelerator()) for folder in folders]
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
        files=tuple(path for folder in folders for path in sorted(folder.glob("*.nii.gz"))),
    )


def load(folder: Path, device: torch.device | str = "cpu") -> Patient:
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
        torch.from_numpy(np.stack(images)).to(device),
        torch.from_numpy(np.stack(regions).astype(np.uint8)).to(device),
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
    at = cube(centre, size, matrix, rng.uniform(0, 4), rng, patient.images.device)
    images = sample(patient.images, at, size, "bilinear")
    regions = sample(patient.regions.float(), at, size, "nearest")
    kept = keep(patient.present, rng)
    spoilt = [
        spoil(image, rng) if there else torch.zeros_like(image)
        for image, there in zip(images, kept, strict=True)
    ]
    return torch.stack(spoilt), regions


def keep(present: tuple[bool, ...], rng: np.random.Generator) -> tuple[bool, ...]:
    """Drop contrasts at random but leave T1c or FLAIR, the least the module accepts."""
    kept = tuple(p and rng.random() > 0.3 for p in present)
    return kept if any(kept[i] for i in ENOUGH) else present


def spoil(image: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Another scanner's contrast curve, bias, noise, resolution; the zero background stays zero."""
    brain = image != 0
    if rng.random() < 0.25:
        image = thick(image, int(rng.integers(3)), rng.uniform(2.0, 6.0))
    if rng.random() < 0.3:
        image = blur(image, rng.uniform(0.4, 1.2))
    image = image.sign() * image.abs() ** rng.uniform(0.75, 1.3)
    image = bias(image + 4, rng.uniform(0, 0.15), rng) - 4
    image = image * rng.uniform(0.8, 1.25) + rng.normal(0, 0.2)
    return (image + noise_like(image, rng) * rng.uniform(0, 0.15)) * brain


def _array(path: Path) -> np.ndarray:
    image = nibabel.load(path)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    return np.asarray(image.as_reoriented(to_lps).get_fdata(dtype=np.float32))
