"""Real T1s with manual labels (IBSR), varied mildly: their texture is what painting cannot give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import torch
from scipy import ndimage

from pipeline.train.augment import affine, bend, cube, sample
from pipeline.train.recipe import Sample
from pipeline.train.smooth import Size, bias, blur, noise_like

from .objective import REAL_CSF, REAL_GREY, REAL_OUTSIDE
from .synthetic import tight

WHITE = 5
CODE_OF = np.array([REAL_OUTSIDE, REAL_CSF, REAL_GREY, WHITE], np.uint8)


@dataclass(frozen=True)
class Brain:
    """One person.

    Attributes
    ----------
    name : str
        Its folder.
    image : torch.Tensor
        float32 (1, x, y, z), own voxels, axes LPS, cropped to the brain; zero outside.
    codes : torch.Tensor
        Codes of `objective`, float32 of the same shape; outside the image background, plainly.
    spacing : ndarray, shape (3,)
        Voxel sides, mm.
    """

    name: str
    image: torch.Tensor
    codes: torch.Tensor
    spacing: np.ndarray


def load(folder: Path, device: torch.device | str = "cpu") -> Brain:
    """Read one IBSR folder: T1 and labels, stored with a fourth axis of one."""
    image, spacing = _lps(folder / "t1.nii.gz")
    labels, _ = _lps(folder / "seg.nii.gz")
    codes = CODE_OF[np.rint(labels).astype(np.uint8)]
    box = ndimage.find_objects(((image > 0) | (labels > 0)).astype(np.uint8))[0]
    # Far from the brain nothing can be sulcal CSF.
    near = ndimage.binary_dilation(image > 0, iterations=2)
    codes = np.where(near, codes, 0)
    return Brain(
        folder.name,
        torch.from_numpy(image[box].copy()).to(device)[None],
        torch.from_numpy(codes[box].astype(np.float32)).to(device)[None],
        spacing,
    )


def draw(brain: Brain, size: Size, rng: np.random.Generator) -> Sample:
    """One warped brain on a 1 mm lattice, with another coil, noise, sharpness and contrast curve.

    Returns
    -------
    tuple of torch.Tensor
        Image and codes as `synthetic.synthesise` gives them.
    """
    middle = np.array(brain.image.shape[1:]) / 2 + rng.uniform(-5, 5, 3)
    matrix = np.diag(1 / brain.spacing) @ affine(rng, 15, 0.12, mirror=True)
    at = cube(middle, size, matrix.astype(np.float32), bend(rng) / 2, rng, brain.image.device)
    image = sample(brain.image, at, size, "bilinear")[0]
    codes = sample(brain.codes, at, size, "nearest")[0].to(torch.uint8)
    inside = image > 0
    if rng.random() < 0.5:
        image = bias(image, rng.uniform(0, 0.3), rng)
    image = (image / image.max().clamp_min(1e-6)) ** rng.uniform(0.75, 1.35)
    if rng.random() < 0.3:
        image = blur(image, rng.uniform(0.3, 0.8))
    image = (image + noise_like(image, rng) * rng.uniform(0, 0.04)).abs() * inside
    return tight(image, codes, rng)


def _lps(path: Path) -> tuple[np.ndarray, np.ndarray]:
    image = nibabel.load(path)
    image = nibabel.Nifti1Image(np.squeeze(image.get_fdata(dtype=np.float32)), image.affine)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    turned = image.as_reoriented(to_lps)
    return np.ascontiguousarray(turned.get_fdata(dtype=np.float32)), np.array(
        turned.header.get_zooms()[:3]
    )
