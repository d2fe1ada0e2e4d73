"""True label maps of a subject in patient space, and the volumes they amount to."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from pipeline.demo.contrast import Tissue
from pipeline.demo.phantom import as_image
from pipeline.demo.subject import Subject, on_grid
from pipeline.demo.truth import TissueVolumes, TumourVolumes

EXTENT_MM = (192, 220, 200)
CENTRE_MM = (0.0, 8.0, 5.0)
# From patient axes LPS to NIfTI's RAS, and back.
FLIP = np.diag([-1.0, -1.0, 1.0, 1.0])


def patient_grid(spacing: float) -> sitk.Image:
    """Empty image whose axes run along the patient's LPS axes, large enough for any head."""
    count = np.round(np.array(EXTENT_MM) / spacing).astype(int)
    first = np.array(CENTRE_MM) - spacing * (count - 1) / 2
    return as_image(np.zeros(tuple(count), np.float32), first, spacing)


def label_maps(subject: Subject, grid: sitk.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Tissue and tumour at the grid's points, both of shape (x, y, z), axes LPS.

    Returns
    -------
    tissue : ndarray of uint8
        1 CSF, 2 grey, 3 white, of the brain before the tumour grew: defined everywhere inside.
    tumour : ndarray of uint8
        1 oedema, 2 non-enhancing core, 3 enhancing, where they make up more than half of a voxel.
    """
    phantom = subject.phantom
    inside = phantom.surround[phantom.box] == Tissue.CSF
    parts = np.concatenate([subject.healthy.fractions[:3], phantom.fractions[3:]]) * inside
    # One vector image: the way into the phantom is found once for all six fractions.
    image = sitk.GetImageFromArray(np.ascontiguousarray(parts.T), isVector=True)
    image.SetOrigin(phantom.box_origin.tolist())
    image.SetSpacing([phantom.spacing] * 3)
    read = on_grid(image, subject.into_phantom, grid).T
    return _largest(read[:3]), _largest(read[3:])


def tissue_volumes(labels: NDArray[np.uint8], spacing: float) -> TissueVolumes:
    """Voxels times voxel volume."""
    csf, grey, white = _millilitres(labels, spacing)
    return TissueVolumes(csf, grey, white)


def tumour_volumes(labels: NDArray[np.uint8], spacing: float) -> TumourVolumes:
    """Voxels times voxel volume, in the nested regions by which tumours are scored."""
    oedema, core, enhancing = _millilitres(labels, spacing)
    whole, solid = oedema + core + enhancing, core + enhancing
    return TumourVolumes(round(whole, 3), round(solid, 3), enhancing)


def write_labels(path: Path, labels: NDArray[np.uint8], grid: sitk.Image) -> None:
    """Write a label map (axes LPS) as NIfTI, its affine to RAS mm, without a time stamp."""
    affine = np.diag(np.array([*grid.GetSpacing(), 1.0]))
    affine[:3, 3] = grid.GetOrigin()
    image = nib.Nifti1Image(labels, FLIP @ affine)
    image.header.set_xyzt_units("mm")
    image.to_filename(path)


def _largest(fractions: NDArray[np.float32]) -> NDArray[np.uint8]:
    labels = np.where(fractions.sum(0) > 0.5, fractions.argmax(0) + 1, 0)
    return np.ascontiguousarray(labels.astype(np.uint8))


def _millilitres(labels: NDArray[np.uint8], spacing: float) -> tuple[float, float, float]:
    counts = np.bincount(labels.ravel(), minlength=4)[1:4] * spacing**3 / 1000
    first, second, third = (round(float(volume), 3) for volume in counts)
    return first, second, third
