"""The head every demo subject varies: the MNI152 brain that nilearn ships, with a skull around it.

Template: ICBM 2009a nonlinear symmetric, Fonov et al., NeuroImage 54:313 (2011).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from pipeline.demo.contrast import Sequence, Tissue, signals
from pipeline.demo.head import surround

# Room below the template's cut through the brain stem, mm, for neck and face.
NECK_MM = 40
MARGIN_MM = 4
# Population means are blurred; raising fractions to a power gives one brain's edges back.
SHARPEN = 1.7


@dataclass(frozen=True)
class Phantom:
    """Tissue fractions of a head, in MNI space turned to LPS.

    Attributes
    ----------
    fractions : ndarray of float32, shape (6, x, y, z)
        CSF, grey, white, oedema, core, enhancing inside `box`; they add up to 1 inside the skull.
    surround : ndarray of uint8, shape (x, y, z)
        A `Tissue` per voxel of the whole head; CSF where `fractions` says what is there.
    texture : ndarray of float32, shape (x, y, z)
        What fractions do not explain of a head's signal, a factor around 1.
    box : tuple of slice
        Where in the head `fractions` lies.
    origin : ndarray, shape (3,)
        Position of the head's first voxel, LPS mm.
    spacing : float
        Voxel size in mm.
    """

    fractions: NDArray[np.float32]
    surround: NDArray[np.uint8]
    texture: NDArray[np.float32]
    box: tuple[slice, slice, slice]
    origin: NDArray[np.float64]
    spacing: float

    @property
    def box_origin(self) -> NDArray[np.float64]:
        """Position of the first voxel of `fractions`, LPS mm."""
        return self.origin + np.array([part.start for part in self.box]) * self.spacing

    def with_fractions(self, fractions: NDArray[np.float32]) -> Phantom:
        """The same head with another brain inside."""
        return replace(self, fractions=fractions)

    def weighted(self, sequence: Sequence, texture: NDArray[np.float32]) -> sitk.Image:
        """Signal before the coil takes its magnitude, as an image in MNI space, LPS.

        `texture`, the shape of the head, scales each voxel.
        """
        values = signals(sequence)
        head = values[self.surround]
        inside = self.surround[self.box] == Tissue.CSF
        brain = np.tensordot(values[:6], self.fractions, axes=1)
        head[self.box] = np.where(inside, brain, head[self.box])
        return as_image(head * texture, self.origin, self.spacing)


def load_phantom(spacing: int = 1) -> Phantom:
    """Build the head at a whole number of millimetres; nothing is downloaded."""
    from nilearn import datasets

    template = datasets.load_mni152_template(resolution=1)
    maps = [
        datasets.load_mni152_gm_template(resolution=1),
        datasets.load_mni152_wm_template(resolution=1),
    ]
    grey, white = (_lps(image.get_fdata(dtype=np.float32), spacing) for image in maps)
    brain = _lps(template.get_fdata(dtype=np.float32), spacing) > 0
    brain = ndimage.binary_fill_holes(brain)
    origin = _origin(template.affine, template.shape, spacing)
    labels = surround(brain, origin, spacing)
    box = _box(brain, round(MARGIN_MM / spacing))
    fractions = _fractions(grey[box], white[box], brain[box])
    return Phantom(fractions, labels, _texture(brain.shape), box, origin, float(spacing))


def as_image(array: NDArray[np.float32], origin: NDArray[np.float64], spacing: float) -> sitk.Image:
    """An array with axes (x, y, z) along LPS as a SimpleITK image."""
    image = sitk.GetImageFromArray(np.ascontiguousarray(array.transpose(2, 1, 0)))
    image.SetOrigin([float(value) for value in origin])
    image.SetSpacing([float(spacing)] * 3)
    return image


def _lps(array: NDArray[np.float32], spacing: int) -> NDArray[np.float32]:
    """Turn RAS axes to LPS, add room for the neck, take means over blocks of `spacing` voxels."""
    turned = np.pad(array[::-1, ::-1], ((0, 0), (0, 0), (NECK_MM, 0)))
    turned = turned[tuple(slice(0, size // spacing * spacing) for size in turned.shape)]
    x, y, z = (size // spacing for size in turned.shape)
    blocks = turned.reshape(x, spacing, y, spacing, z, spacing)
    means: NDArray[np.float32] = blocks.mean(axis=(1, 3, 5))
    return means


def _origin(
    affine: NDArray[np.float64], shape: tuple[int, ...], spacing: int
) -> NDArray[np.float64]:
    last = affine[:3, 3] + np.array(shape) - 1
    corner = np.array([-last[0], -last[1], affine[2, 3] - NECK_MM])
    origin: NDArray[np.float64] = corner + (spacing - 1) / 2
    return origin


def _box(mask: NDArray[np.bool_], margin: int) -> tuple[slice, slice, slice]:
    found = ndimage.find_objects(mask.astype(np.uint8))[0]
    x, y, z = (
        slice(max(0, part.start - margin), min(size, part.stop + margin))
        for part, size in zip(found, mask.shape, strict=True)
    )
    return x, y, z


def _texture(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Variation by 2.5 % over two voxels and 2 % over eight, of mean 1."""
    generator = np.random.default_rng(0)
    fine = ndimage.gaussian_filter(generator.standard_normal(shape, np.float32), 1.0)
    coarse = generator.standard_normal(tuple(size // 8 + 2 for size in shape), np.float32)
    coarse = ndimage.affine_transform(coarse, np.full(3, 1 / 8), output_shape=shape, order=1)
    factor: NDArray[np.float32] = 1 + 0.025 * fine / fine.std() + 0.02 * coarse
    return factor


def _fractions(
    grey: NDArray[np.float32], white: NDArray[np.float32], brain: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Sharpened CSF, grey and white fractions and three empty ones; CSF where there is no brain."""
    fluid = np.where(brain, np.clip(1 - grey - white, 0, 1), 1)
    sharp = np.stack([fluid, grey * brain, white * brain]) ** SHARPEN
    fractions = np.zeros((6, *brain.shape), np.float32)
    fractions[:3] = sharp / sharp.sum(0)
    return fractions
