"""Whole-head label maps in FreeSurfer's numbers, reduced to the few classes recipes paint with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
from scipy import ndimage

from pipeline.train.smooth import Size, sides

# 0 is air, this order is kept by the tissue module's classes.
VENTRICLE, CSF, CORTEX, DEEP, WHITE = 1, 2, 3, 4, 5
OTHER = 8
VENTRICLES = (4, 5, 14, 15, 31, 43, 44, 63, 72, 136, 137, 163, 164)
DEEP_GREY = (10, 11, 12, 13, 17, 18, 26, 28, 49, 50, 51, 52, 53, 54, 58, 60)
CLASS_OF = (
    dict.fromkeys(VENTRICLES, VENTRICLE)
    | {24: CSF}
    | dict.fromkeys((3, 42, 8, 47), CORTEX)
    | dict.fromkeys(DEEP_GREY, DEEP)
    | dict.fromkeys((2, 7, 16, 25, 30, 41, 46, 57, 62, 77, 85), WHITE)
)


@dataclass(frozen=True)
class Head:
    """One label map.

    Attributes
    ----------
    name : str
        Its file.
    labels : torch.Tensor of uint8, shape (x, y, z)
        1 mm, axes LPS, cropped to the head: air 0, the five classes, and from OTHER on one number
        for each structure outside the brain.
    brain_centre : ndarray, shape (3,)
        Mean voxel position of the brain.
    """

    name: str
    labels: torch.Tensor
    brain_centre: np.ndarray


def read_heads(folder: Path, device: torch.device | str = "cpu") -> tuple[Head, ...]:
    """Read every label map of a folder, sorted by name, onto a device."""
    return tuple(read_head(path, device) for path in sorted(folder.glob("*.nii.gz")))


def read_head(path: Path, device: torch.device | str = "cpu") -> Head:
    """Read one label map and turn its axes to LPS."""
    image = nibabel.nifti1.load(path)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    numbers = np.asarray(image.as_reoriented(to_lps).dataobj).astype(np.uint16)
    numbers = numbers[ndimage.find_objects((numbers > 0).astype(np.uint8))[0]]
    table = np.zeros(1 << 16, np.uint8)
    outside = [n for n in np.unique(numbers) if n and n not in CLASS_OF]
    table[outside] = OTHER + np.arange(len(outside))
    table[list(CLASS_OF)] = list(CLASS_OF.values())
    labels = table[numbers]
    brain = np.argwhere((labels > 0) & (labels < OTHER))
    placed = torch.from_numpy(labels).to(device)
    return Head(path.name.removesuffix(".nii.gz"), placed, brain.mean(0))


def cut(head: Head, at: torch.Tensor, size: Size) -> torch.Tensor:
    """Labels (x, y, z) of a box nearest to voxel positions `at` (3, voxels); air outside."""
    shape = torch.tensor(head.labels.shape, device=at.device)[:, None]
    nearest = at.round().long()
    inside = ((nearest >= 0) & (nearest < shape)).all(0)
    x, y, z = nearest.clamp_min(0).minimum(shape - 1)
    return (head.labels[x, y, z] * inside).reshape(sides(size))
