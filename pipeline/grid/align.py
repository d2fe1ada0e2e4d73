"""Does a series show the place the reference shows; if not, which rigid motion brings it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from highdicom import Volume, VolumeGeometry

from pipeline.errors import Code, InputError
from pipeline.grid.lattice import resample, to_image, working_geometry
from pipeline.result import Alignment
from pipeline.types import Role

COARSE_MM = 4.0
REGISTERED_MM = 2.0
HEAD_RADIUS_MM = 80.0
BINS = 32


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
    if _is_thin(fixed.volume) or _is_thin(moving):
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


def _is_thin(volume: Volume) -> bool:
    """Whether the registration's pyramid, which wants four voxels along every axis, has fewer."""
    return min(working_geometry(volume, (REGISTERED_MM,) * 3).spatial_shape) < 4


def agrees(fixed: np.ndarray, image: np.ndarray) -> bool:
    """Say whether no move of one voxel of 4 mm along an axis raises mutual information."""
    here = mutual_information(fixed, image)
    steps = np.eye(3, dtype=int)
    moved = [np.roll(image, sign * step, (0, 1, 2)) for step in steps for sign in (-1, 1)]
    return here > 0.05 and all(mutual_information(fixed, other) <= here for other in moved)


def mutual_information(fixed: np.ndarray, moving: np.ndarray) -> float:
    """Normalised by the smaller entropy, 0 (nothing in common) to 1; arrays of one shape.

    Intensities are ranked into 32 bins of equal counts above background, which takes out contrast
    curves; after Studholme et al., Pattern Recognition 32:71 (1999).
    """
    inside = (fixed > fixed.mean() * 0.3) | (moving > moving.mean() * 0.3)
    if inside.sum() < 1000:
        return 0.0
    pairs = _ranks(fixed[inside]) * BINS + _ranks(moving[inside])
    joint = np.bincount(pairs, minlength=BINS * BINS).reshape(BINS, BINS) / len(pairs)
    marginal_x, marginal_y = joint.sum(1), joint.sum(0)
    entropy = min(_entropy(marginal_x), _entropy(marginal_y))
    information = _entropy(marginal_x) + _entropy(marginal_y) - _entropy(joint.ravel())
    # An even image has none, but for rounding.
    return float(information / entropy) if entropy > 1e-6 else 0.0


def register(reference: Volume, moving: Volume, shared: bool) -> sitk.Transform:
    """Find the rigid motion with most mutual information (Mattes), at 8 then at 4 mm.

    Every voxel counts and one thread adds up, so that the same images give the same motion; turns
    are about the reference's centre and weighed by how far they move the head's surface.

    Raises
    ------
    InputError
        REGISTRATION, where there is nothing that the images share.
    """
    fixed, image = _at_two_mm(reference), _at_two_mm(moving)
    centre = [float(x) for x in reference.center_position]
    still = sitk.Euler3DTransform()
    still.SetCenter(centre)
    by_moments = sitk.CenteredTransformInitializerFilter.MOMENTS
    start = still if shared else sitk.CenteredTransformInitializer(fixed, image, still, by_moments)
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(BINS)
    method.SetMetricSamplingStrategy(method.NONE)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(4.0, 0.005, 100, relaxationFactor=0.7)
    method.SetOptimizerScales([HEAD_RADIUS_MM**2] * 3 + [1.0] * 3)
    method.SetShrinkFactorsPerLevel([4, 2])
    method.SetSmoothingSigmasPerLevel([2, 1])
    method.SetInitialTransform(start, inPlace=False)
    try:
        with _one_thread():
            found: sitk.Transform = method.Execute(fixed, image)
    except RuntimeError as error:  # ITK's word for images that nowhere overlap
        message = "A series shows nothing in common with the reference."
        raise InputError(Code.REGISTRATION, message) from error
    return found


def _at_two_mm(volume: Volume) -> sitk.Image:
    placed = resample(volume, working_geometry(volume, (REGISTERED_MM,) * 3))
    image: sitk.Image = sitk.Cast(to_image(placed), sitk.sitkFloat32)
    return image


@contextmanager
def _one_thread() -> Iterator[None]:
    """Sums of several threads come in any order; a filter's own number of threads is not heeded.

    The number is the process's: what else ITK is asked for meanwhile has one, too, and two threads
    that register at once would leave it at one.
    """
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    try:
        yield
    finally:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(before)


def displacement(transform: sitk.Transform, centre: np.ndarray) -> float:
    """Largest motion, mm, of the six points 80 mm from the head's centre along the axes."""
    points = [centre + sign * HEAD_RADIUS_MM * axis for axis in np.eye(3) for sign in (-1, 1)]
    moves = [np.subtract(transform.TransformPoint([float(x) for x in p]), p) for p in points]
    return float(max(np.linalg.norm(move) for move in moves))


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


def _ranks(values: np.ndarray) -> np.ndarray:
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    return np.searchsorted(edges, values)


def _entropy(probability: np.ndarray) -> float:
    positive = probability[probability > 0]
    return float(-(positive * np.log(positive)).sum())
