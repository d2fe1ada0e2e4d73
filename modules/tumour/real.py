"""Real patients with expert labels, at the 2 mm the network works on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional

from pipeline.train.augment import affine, cube, sample
from pipeline.train.recipe import Sample
from pipeline.train.smooth import Size

from .spoil import drop, finish

CONTRASTS = ("t1", "t1c", "t2", "flair")


@dataclass(frozen=True)
class Patient:
    """One labelled patient; axes LPS, voxels of 2 mm, cropped to the brain.

    Attributes
    ----------
    name : str
        Its folder.
    images : torch.Tensor
        float32 (4, x, y, z), T1, T1c, T2, FLAIR; 0 to about 1 in the brain, zero outside it and
        where a contrast is missing.
    regions : torch.Tensor
        float32 (3, x, y, z): how much of each voxel is whole tumour, core, enhancing.
    present : tuple of bool
        Which contrasts there are.
    healed : torch.Tensor or None
        The images with the tumour replaced by the other hemisphere; None where both have some.
    """

    name: str
    images: torch.Tensor
    regions: torch.Tensor
    present: tuple[bool, ...]
    healed: torch.Tensor | None


def load(folder: Path, device: torch.device | str = "cpu") -> Patient:
    """Read one patient's contrasts and labels."""
    labels = np.rint(_lps(folder / "seg.nii.gz")).astype(np.uint8)
    paths = {c: folder / f"{c}.nii.gz" for c in CONTRASTS}
    found = {c: _lps(path) for c, path in paths.items() if path.exists()}
    brain = np.logical_or.reduce([image != image[0, 0, 0] for image in found.values()])
    box = ndimage.find_objects(brain.astype(np.uint8))[0]
    brain, labels = brain[box], labels[box]
    blank = np.zeros(brain.shape, np.float32)
    images = [_scaled(found[c][box], brain) if c in found else blank for c in CONTRASTS]
    # BRATS 2013 keeps a label 3, non-enhancing core, that later challenges merged into 1.
    regions = [labels > 0, np.isin(labels, (1, 3, 4)), labels == 4]
    halved = _halved(torch.from_numpy(np.stack(images)))
    parts = _halved(torch.from_numpy(np.stack(regions).astype(np.float32)))
    mended = heal(halved, parts[0] > 0)
    return Patient(
        folder.name,
        halved.to(device),
        parts.to(device),
        tuple(c in found for c in CONTRASTS),
        None if mended is None else mended.to(device),
    )


def draw(patient: Patient, size: Size, rng: np.random.Generator, healed: bool) -> Sample:
    """One patient's whole brain, warped and spoilt, some contrasts missing.

    Returns
    -------
    tuple of torch.Tensor
        Images, float32 (4, x, y, z), and regions (whole, core, enhancing), float32 (3, x, y, z).
    """
    images, regions = patient.images, patient.regions
    if healed and patient.healed is not None:
        images, regions = patient.healed, torch.zeros_like(regions)
    middle = (np.array(images.shape[1:]) - 1) / 2 + rng.uniform(-5, 5, 3)
    bend = rng.uniform(0, 4) if rng.random() < 0.67 else 0.0
    at = cube(middle, size, affine(rng, 15, 0.14, mirror=True), bend, rng, images.device)
    warped = sample(images, at, size, "bilinear")
    truth = sample(regions, at, size, "bilinear")
    return finish(warped, truth, drop(patient.present, rng), rng)


def heal(images: torch.Tensor, tumour: torch.Tensor) -> torch.Tensor | None:
    """Fill a tumour, with 4 mm around it, from the mirrored side; (4, x, y, z) and (x, y, z).

    None where what would be filled in is tumour itself, or lies outside the brain.
    """
    wide = functional.max_pool3d(tumour.float()[None], 5, 1, 2)[0] > 0
    inside = (images > 0).any(0)
    middle = round(float(inside.nonzero()[:, 0].float().mean()) * 2)
    index = (middle - torch.arange(images.shape[1])).clamp(0, images.shape[1] - 1)
    mirrored = images[:, index]
    usable = (mirrored > 0).any(0) & ~wide[index]
    if (wide & inside & ~usable).sum() > 0.05 * wide.sum():
        return None
    # Faded in over some millimetres around it, or the seam would give the filling away.
    soft = functional.avg_pool3d(wide.float()[None], 3, 1, 1)[0]
    soft = torch.where(tumour, 1.0, soft) * usable * inside
    return images * (1 - soft) + mirrored * soft


def _scaled(image: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """0.5th to 99.5th percentile inside the brain onto 0.1 to 1, zero outside."""
    low, high = np.percentile(image[brain], (0.5, 99.5))
    scaled = np.clip(0.1 + 0.9 * (image - low) / max(float(high - low), 1e-6), 0.02, 1.5)
    return np.where(brain, scaled, 0).astype(np.float32)


def _halved(channels: torch.Tensor) -> torch.Tensor:
    """Means of eight voxels, as the bundle's preprocessing takes them."""
    odd = [side % 2 for side in reversed(channels.shape[1:])]
    padded = functional.pad(channels, [n for side in odd for n in (0, side)])
    return functional.avg_pool3d(padded, 2)


def _lps(path: Path) -> np.ndarray:
    image = nibabel.load(path)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    return np.asarray(image.as_reoriented(to_lps).get_fdata(dtype=np.float32))
