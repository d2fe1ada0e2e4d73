from __future__ import annotations

import numpy as np
import SimpleITK as sitk
from highdicom import Volume
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grid.lattice import resample
from pipeline.grid.linear import linear_voxels
from tests.grid.test_nearest import ORDERS, SIGNS, SPACINGS, TURN, centres, grid, placed


def image(spacing: tuple[float, ...] = (1.0, 1.2, 3.0)) -> Volume:
    array = np.random.default_rng(0).normal(500, 200, (9, 11, 7)).astype(np.float32)
    affine = placed(TURN, spacing, 0.0)
    return Volume(array, affine, coordinate_system="PATIENT", frame_of_reference_uid="1.2.3")


@given(SPACINGS, ORDERS, SIGNS, st.floats(-9.0, 9.0))
def test_as_itk_reads_them(
    spacing: tuple[float, ...], order: tuple[int, ...], signs: tuple[float, ...], first: float
) -> None:
    source = image()
    onto = grid(placed(TURN[:, order] * signs, spacing, first))
    found = linear_voxels(source, onto)
    assert found is not None
    # ITK is made to go the long way round: a transform that moves nothing.
    itk = resample(source, onto, sitk.Transform(3, sitk.sitkIdentity)).array
    index, sides = source.map_reference_to_indices(centres(onto)), source.spatial_shape
    edge = np.minimum(np.abs(index + 0.5), np.abs(index + 0.5 - sides))
    sure = (edge > 1e-6).all(1).reshape(onto.spatial_shape)
    np.testing.assert_allclose(found[sure], itk[sure], rtol=1e-4, atol=1e-2)


def test_on_its_own_grid_an_image_is_itself() -> None:
    source = image()
    found = linear_voxels(source, source.get_geometry())
    np.testing.assert_array_equal(found, source.array)


def test_a_single_plane_fills_its_own_thickness() -> None:
    affine = np.diag([1.0, 1.0, 4.0, 1.0])
    flat = Volume(np.full((3, 3, 1), 7, np.float32), affine, coordinate_system="PATIENT")
    onto = grid(placed(np.eye(3), (1.0, 1.0, 1.0), -3.0))
    found = linear_voxels(flat, onto)
    assert found is not None
    assert np.unique(found[3:6, 3:6, 1:5]).tolist() == [7]
    assert not found[:, :, 5:].any()


def test_axes_that_are_not_parallel_are_left_to_itk() -> None:
    onto = grid(placed(np.eye(3), (1.0, 1.0, 1.0), -2.0))
    assert linear_voxels(image(), onto) is None
    assert resample(image(), onto).array.any()
