"""Real people at the 1.5 mm the network works on: patients with labels, and healthy ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional

from .spoil import SIDE
from .transplant import heal

CONTRASTS = ("t1", "t1c", "t2", "flair")


@dataclass(frozen=True)
class Patient:
    """One labelled person; axes LPS, voxels of 1.5 mm, cropped to the brain.

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
    healed, left : torch.Tensor
        Images and regions with the tumour replaced by the other hemisphere; what that has as well
        is left.
    """

    name: str
    images: torch.Tensor
    regions: torch.Tensor
    present: tuple[bool, ...]
    healed: torch.Tensor
    left: torch.Tensor


def load(folder: Path, device: torch.device | str = "cpu") -> Patient:
    """Read one patient's contrasts and labels."""
    labels, spacing = _lps(folder / "seg.nii.gz")
    labels = np.rint(labels).astype(np.uint8)
    paths = {c: folder / f"{c}.nii.gz" for c in CONTRASTS}
    found = {c: _lps(path)[0] for c, path in paths.items() if path.exists()}
    brain = np.logical_or.reduce([image != image[0, 0, 0] for image in found.values()])
    box = ndimage.find_objects(brain.astype(np.uint8))[0]
    brain, labels = brain[box], labels[box]
    blank = np.zeros(brain.shape, np.float32)
    images = [_scaled(found[c][box], brain) if c in found else blank for c in CONTRASTS]
    # BRATS 2013 keeps a label 3, non-enhancing core, that later challenges merged into 1.
    regions = [labels > 0, np.isin(labels, (1, 3, 4)), labels == 4]
    coarse, parts = _coarse(images, spacing), _coarse(regions, spacing)
    healed, left = heal(coarse, parts)
    return Patient(
        folder.name,
        coarse.to(device),
        parts.to(device),
        tuple(c in found for c in CONTRASTS),
        healed.to(device),
        left.to(device),
    )


def load_healthy(folder: Path, device: torch.device | str = "cpu") -> Patient:
    """Read a healthy person's T1, which is T1c as well: nothing takes the contrast medium up."""
    image, spacing = _lps(folder / "t1.nii.gz")
    brain = image != 0
    box = ndimage.find_objects(brain.astype(np.uint8))[0]
    scaled = _scaled(image[box], brain[box])
    blank = np.zeros_like(scaled)
    images = _coarse([scaled, scaled, blank, blank], spacing).to(device)
    none = torch.zeros_like(images[:3])
    return Patient(folder.name, images, none, (True, True, False, False), images, none)


def _scaled(image: np.ndarray, brain: np.ndarray) -> np.ndarray:
    """0.5th to 99.5th percentile inside the brain onto 0.1 to 1, zero outside."""
    low, high = np.percentile(image[brain], (0.5, 99.5))
    scaled = np.clip(0.1 + 0.9 * (image - low) / max(float(high - low), 1e-6), 0.02, 1.5)
    return np.where(brain, scaled, 0).astype(np.float32)


def _coarse(channels: list[np.ndarray], spacing: np.ndarray) -> torch.Tensor:
    """Means over the voxels of 1.5 mm, as the bundle's preprocessing takes them."""
    stacked = torch.from_numpy(np.stack(channels).astype(np.float32))
    shape = [round(n * s / SIDE) for n, s in zip(stacked.shape[1:], spacing, strict=True)]
    return functional.interpolate(stacked[None], shape, mode="area")[0]


def _lps(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """An image (x, y, z) with its axes turned to LPS, and its voxels' sides in mm."""
    image = nibabel.load(path)
    image = image.slicer[..., 0] if image.ndim == 4 else image
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    turned = image.as_reoriented(to_lps)
    spacing = nibabel.affines.voxel_sizes(turned.affine)
    return np.asarray(turned.get_fdata(dtype=np.float32)), spacing
