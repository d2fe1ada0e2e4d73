from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk
from highdicom import Volume
from hypothesis import given
from hypothesis import strategies as st

from pipeline.grid.lattice import resample, to_image, working_geometry

ORIENTATIONS = {
    "axial": np.eye(3),
    "sagittal": np.array([[0.0, 0, 1], [1, 0, 0], [0, -1, 0]]),
    "coronal from behind": np.array([[-1.0, 0, 0], [0, 0, -1], [0, -1, 0]]),
    "left-handed": np.diag([1.0, 1.0, -1.0]),
}


def volume(directions: np.ndarray, spacing: tuple[float, ...] = (1.0, 1.2, 3.0)) -> Volume:
    """A dark block with one bright voxel off its centre."""
    array = np.zeros((20, 24, 12), np.float32)
    array[4, 17, 8] = 100
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = (10.0, -20.0, 30.0)
    return Volume(array, affine, coordinate_system="PATIENT", frame_of_reference_uid="1.2.3")


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_axes_run_to_left_posterior_superior(name: str) -> None:
    geometry = working_geometry(volume(ORIENTATIONS[name]), (1.0, 1.0, 1.0))
    np.testing.assert_allclose(geometry.affine[:3, :3], np.eye(3), atol=1e-12)


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_the_bright_voxel_stays_where_it_is_in_the_patient(name: str) -> None:
    source = volume(ORIENTATIONS[name])
    there = resample(source, working_geometry(source, (1.0, 1.0, 1.0)))
    index = np.unravel_index(there.array.argmax(), there.array.shape)
    found = there.map_indices_to_reference(np.array([index]))[0]
    truth = source.map_indices_to_reference(np.array([[4, 17, 8]]))[0]
    assert np.abs(found - truth).max() <= 0.5 + 1e-6


def test_at_its_own_spacing_nothing_is_interpolated() -> None:
    source = volume(ORIENTATIONS["sagittal"])
    turned = source.to_patient_orientation("LPS")
    there = resample(source, working_geometry(source, turned.spacing))
    np.testing.assert_array_equal(there.array, turned.array)
    np.testing.assert_allclose(there.affine, turned.affine, atol=1e-9)


def test_a_fixed_shape_is_centred_on_the_image() -> None:
    source = volume(np.eye(3))
    geometry = working_geometry(source, (2.0, 2.0, 2.0), (96, 96, 96))
    assert geometry.spatial_shape == (96, 96, 96)
    np.testing.assert_allclose(geometry.center_position, source.center_position, atol=1e-9)


@given(st.floats(0.5, 6.0), st.floats(0.5, 6.0), st.floats(0.5, 6.0))
def test_the_grid_covers_the_field_of_view(x: float, y: float, z: float) -> None:
    source = volume(ORIENTATIONS["coronal from behind"], (x, y, z))
    geometry = working_geometry(source, (1.0, 1.0, 1.0))
    extent = np.sort(np.array(source.spatial_shape) * source.spacing)
    assert (np.sort(geometry.spatial_shape) >= extent - 1e-2).all()


def test_labels_keep_their_values_and_dtype() -> None:
    source = volume(np.eye(3))
    labels = source.with_array((source.array > 0).astype(np.uint8) * 3)
    there = resample(labels, working_geometry(source, (1.0, 1.0, 1.0)), nearest=True)
    assert there.dtype == np.uint8
    assert set(np.unique(there.array)) == {0, 3}


def test_a_transform_maps_grid_points_to_image_points() -> None:
    source = volume(np.eye(3), (1.0, 1.0, 1.0))
    shift = sitk.TranslationTransform(3, (2.0, 0.0, 0.0))
    moved = resample(source, source.get_geometry(), shift)
    assert np.unravel_index(moved.array.argmax(), moved.array.shape) == (2, 17, 8)


def test_the_image_has_the_volumes_points() -> None:
    source = volume(ORIENTATIONS["sagittal"])
    point = to_image(source).TransformIndexToPhysicalPoint((8, 17, 4))
    np.testing.assert_allclose(point, source.map_indices_to_reference(np.array([[4, 17, 8]]))[0])
