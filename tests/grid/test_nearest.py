from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import SimpleITK as sitk
from highdicom import Volume, VolumeGeometry
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grid.lattice import resample
from pipeline.grid.nearest import nearest_voxels

SPACINGS = st.tuples(*[st.floats(0.4, 6.0)] * 3)
ORDERS = st.sampled_from(list(permutations(range(3))))
SIGNS = st.tuples(*[st.sampled_from((-1.0, 1.0))] * 3)
TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])


def placed(directions: np.ndarray, spacing: tuple[float, ...], first: float) -> np.ndarray:
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = first
    return affine


def labels(directions: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.2, 3.0)) -> Volume:
    array = np.random.default_rng(0).integers(0, 6, (9, 11, 7)).astype(np.uint8)
    affine = placed(directions, spacing, 0.0)
    return Volume(array, affine, coordinate_system="PATIENT", frame_of_reference_uid="1.2.3")


def grid(affine: np.ndarray) -> VolumeGeometry:
    return VolumeGeometry(affine, (8, 10, 12), coordinate_system="PATIENT")


@given(SPACINGS, ORDERS, SIGNS, st.floats(-9.0, 9.0))
def test_as_itk_reads_them(
    spacing: tuple[float, ...], order: tuple[int, ...], signs: tuple[float, ...], first: float
) -> None:
    source = labels(TURN)
    onto = grid(placed(TURN[:, order] * signs, spacing, first))
    found = nearest_voxels(source, onto)
    assert found is not None
    # ITK is made to go the long way round: a transform that moves nothing.
    itk = resample(source, onto, sitk.Transform(3, sitk.sitkIdentity), nearest=True).array
    index = source.map_reference_to_indices(centres(onto))
    # Half-way between two voxels, and at the edge of the field of view, rounding decides.
    sure = (np.abs(np.mod(index, 1.0) - 0.5) > 1e-6).all(1).reshape(onto.spatial_shape)
    np.testing.assert_array_equal(found[sure], itk[sure])


def centres(onto: VolumeGeometry) -> np.ndarray:
    indices = np.stack(np.meshgrid(*map(np.arange, onto.spatial_shape), indexing="ij"), -1)
    return np.asarray(onto.map_indices_to_reference(indices.reshape(-1, 3)))


def test_axes_that_are_not_parallel_are_left_to_itk() -> None:
    source = labels(np.eye(3))
    onto = grid(placed(TURN, (1.0, 1.0, 1.0), -2.0))
    assert nearest_voxels(source, onto) is None
    assert resample(source, onto, nearest=True).array.any()


@pytest.mark.parametrize("directions", [np.eye(3), TURN])
def test_half_a_voxel_between_two_is_the_later_ones(directions: np.ndarray) -> None:
    source = labels(directions, (1.0, 1.0, 1.0))
    affine = placed(directions, (1.0, 1.0, 1.0), 0.0)
    affine[:3, 3] = directions @ (0.5, 0.5, 0.5)
    found = nearest_voxels(source, grid(affine))
    assert found is not None
    np.testing.assert_array_equal(found[:8, :10, :6], source.array[1:, 1:, 1:])
    assert not found[:, :, 6:].any()
