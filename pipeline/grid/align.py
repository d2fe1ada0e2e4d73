"""Does a series show the place the reference shows; if not, which rigid motion brings it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from highdicom import Volume, VolumeGeometry

from pipeline.errors import Code, InputError
from pipeline.grid.information import agrees, mutual_information
from pipeline.grid.lattice import resample, working_geometry
from pipeline.grid.register import displacement, is_thin, register
from pipeline.result import Alignment
from pipeline.types import Role

COARSE_MM = 4.0


@dataclass(frozen=True)
class Anchor:
    """What other series are compared with: the reference, and its image on a coarse grid."""

    volume: Volume
    grid: VolumeGeometry
    image: np.ndarray


def anchor(reference: Volume) -> Anchor:
    """Prepare a reference once for all the series that are aligned to it."""
    grid = working_geometry(reference, (COARSE_MM,) * 3)
    return Anchor(reference, grid, resample(_coarse(reference), grid).array)


def align(fixed: Anchor, moving: Volume, role: Role) -> tuple[sitk.Transform | None, Alignment]:
    """Trust DICOM geometry where the images agree with it, co-register where they do not.

    Parameters
    ----------
    fixed : Anchor
        The reference.
    moving : highdicom.Volume
        As acquired.
    role : Role
        The moving series' role, for the record.

    Returns
    -------
    tuple
        Transform from reference points to moving points (None for the identity), LPS mm, and the
        record of what was done.

    Raises
    ------
    InputError
        REGISTRATION, where no rigid motion brings the images together, or one is too thin for any.
    """
    frame = fixed.volume.frame_of_reference_uid
    shared = bool(frame) and frame == moving.frame_of_reference_uid
    coarse = _coarse(moving)
    here = resample(coarse, fixed.grid).array
    if shared and agrees(fixed.image, here):
        reason = "same frame of reference, images agree"
        return None, Alignment(role, "geometry", 0.0, reason)
    before = mutual_information(fixed.image, here)
    if is_thin(fixed.volume) or is_thin(moving):
        if shared:
            reason = "same frame of reference; too thin to co-register"
            return None, Alignment(role, "geometry", 0.0, reason)
        raise InputError(Code.REGISTRATION, f"{role} is too thin to co-register.")
    transform = register(fixed.volume, moving, shared)
    after = mutual_information(fixed.image, resample(coarse, fixed.grid, transform).array)
    moved = displacement(transform, np.array(fixed.grid.center_position))
    if shared and after <= before * 1.02:
        reason = "same frame of reference; co-registration found nothing better"
        return None, Alignment(role, "geometry", 0.0, reason)
    if after < 0.05:
        raise InputError(Code.REGISTRATION, f"{role} shows nothing in common with the reference.")
    why = (
        "images disagree with the shared frame of reference"
        if shared
        else "other frame of reference"
    )
    return transform, Alignment(role, "rigid", moved, why)


def _coarse(volume: Volume) -> Volume:
    """Means over cells of 2 to 4 mm, so that thin slices do not alias."""
    # A distance between slices is seldom exact: 1.0001 mm is four to a cell, too.
    counts = [
        min(n, max(1, int(COARSE_MM / side + 0.01)))
        for n, side in zip(volume.spatial_shape, volume.spacing, strict=True)
    ]
    kept = tuple(slice(n // k * k) for n, k in zip(volume.spatial_shape, counts, strict=True))
    image = volume.array[kept]
    for axis, count in enumerate(counts):
        parts = (*image.shape[:axis], -1, count, *image.shape[axis + 1 :])
        image = image.reshape(parts).mean(axis + 1, dtype=np.float32)
    cell = np.diag([*map(float, counts), 1.0])
    cell[:3, 3] = [(count - 1) / 2 for count in counts]
    uid = volume.frame_of_reference_uid
    return Volume(image, volume.affine @ cell, "PATIENT", frame_of_reference_uid=uid)
