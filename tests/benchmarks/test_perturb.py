"""A perturbation changes what it says and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from benchmarks import perturb
from pipeline.grid.lattice import resample
from tests.conftest import ball


@pytest.fixture(scope="module")
def image() -> Volume:
    """A ball in air of exactly zero, as extraction tools leave it."""
    volume = ball()
    return volume.with_array(np.where(volume.array > 500, volume.array, 0))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda image: perturb.noise(image, 0.1),
        lambda image: perturb.bias(image, 0.8),
        lambda image: perturb.contrast(image, -1.0),
    ],
)
def test_intensities_change_and_the_background_stays(image: Volume, spoilt) -> None:
    changed = spoilt(image)
    assert (changed.array[image.array == 0] == 0).all()
    assert not np.allclose(changed.array, image.array, rtol=0.01)
    np.testing.assert_array_equal(changed.affine, image.affine)


@pytest.mark.parametrize("millimetres", [6.0, 8.0])
def test_thick_slices_lie_where_the_thin_ones_were(image: Volume, millimetres: float) -> None:
    coarse = perturb.thick(image, millimetres)
    assert coarse.spacing[2] == pytest.approx(millimetres)
    back = resample(coarse, image.get_geometry())
    assert np.corrcoef(back.array.ravel(), image.array.ravel())[0, 1] > 0.97
    assert perturb.thick(image, 1.0) is image


@pytest.mark.parametrize("degrees", [10.0, 40.0])
def test_a_turned_head_is_the_same_head(image: Volume, degrees: float) -> None:
    back = resample(perturb.turn(image, degrees), image.get_geometry())
    assert np.corrcoef(back.array.ravel(), image.array.ravel())[0, 1] > 0.97


def test_a_shifted_grid_shows_the_same_place(image: Volume) -> None:
    moved = perturb.shift(image, 0.5)
    assert not np.allclose(moved.affine, image.affine)
    back = resample(moved, image.get_geometry())
    assert np.corrcoef(back.array.ravel(), image.array.ravel())[0, 1] > 0.97


def test_mirroring_exchanges_left_and_right(image: Volume) -> None:
    np.testing.assert_array_equal(perturb.mirror(image).array, image.array[::-1])
    np.testing.assert_array_equal(perturb.mirror(perturb.mirror(image)).array, image.array)
