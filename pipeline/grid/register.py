"""The rigid motion under which two images have most in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import SimpleITK as sitk
from highdicom import Volume

from pipeline.errors import Code, InputError
from pipeline.grid.information import BINS
from pipeline.grid.lattice import resample, to_image, working_geometry

REGISTERED_MM = 2.0
HEAD_RADIUS_MM = 80.0


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


def is_thin(volume: Volume) -> bool:
    """Whether the registration's pyramid, which wants four voxels along every axis, has fewer."""
    return min(working_geometry(volume, (REGISTERED_MM,) * 3).spatial_shape) < 4


def displacement(transform: sitk.Transform, centre: np.ndarray) -> float:
    """Largest motion, mm, of the six points 80 mm from the head's centre along the axes."""
    points = [centre + sign * HEAD_RADIUS_MM * axis for axis in np.eye(3) for sign in (-1, 1)]
    moves = [np.subtract(transform.TransformPoint([float(x) for x in p]), p) for p in points]
    return float(max(np.linalg.norm(move) for move in moves))


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
