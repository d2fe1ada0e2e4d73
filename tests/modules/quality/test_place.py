from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from pipeline.bundle.contract import read_contract
from pipeline.grid.lattice import resample, working_geometry

from .conftest import as_volume


@pytest.fixture
def place(code):
    return code("place")


def smooth(shape, seed=0):
    grain = np.random.default_rng(seed).random(shape, np.float32)
    return ndimage.gaussian_filter(grain, 2.0)


def test_the_network_is_trained_on_the_grid_that_the_contract_asks_for(place, bundle):
    needs = read_contract(bundle).needs
    assert tuple(needs.shape) == (place.SIZE,) * 3
    assert tuple(needs.spacing_mm) == (place.SPACING_MM,) * 3


def test_it_is_shown_what_the_runner_shows(place, code):
    image = smooth((90, 120, 70))
    volume = as_volume(image, 1.5)
    geometry = working_geometry(volume, (place.SPACING_MM,) * 3, (place.SIZE,) * 3)
    expected = resample(volume, geometry).array
    centre = (np.array(image.shape) - 1) / 2
    whole = ((0, 90), (0, 120), (0, 70))
    found = place.shown(
        code("series").Series(torch.from_numpy(image), (1.5,) * 3, False, centre, whole)
    ).numpy()
    # The outermost half voxel is the runner's last value, and fades out here.
    inner = ndimage.binary_erosion(expected != 0, iterations=2)
    assert inner.sum() > 500_000
    np.testing.assert_allclose(found[inner], expected[inner], atol=2e-4)


def test_a_turn_of_nothing_and_no_shift_leave_the_image(place):
    image = torch.from_numpy(smooth((30, 40, 20)))
    moved = place.moved(image, np.zeros(3), np.zeros(3), (1.0, 2.0, 3.0))
    assert torch.allclose(moved, image, atol=1e-5)


def test_shifts_are_millimetres(place):
    image = torch.from_numpy(smooth((30, 40, 20)))
    moved = place.moved(image, np.zeros(3), np.array([3.0, 0, 6.0]), (1.0, 2.0, 3.0))
    assert torch.allclose(moved[:-3, :, :-2], image[3:, :, 2:], atol=1e-5)


def test_turns_are_right_angled_and_as_wide_as_asked(place):
    matrix = place.turned([10.0, -20.0, 5.0])
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    angle = np.rad2deg(np.arccos((np.trace(matrix) - 1) / 2))
    assert angle == pytest.approx(np.linalg.norm([10, 20, 5]))


def test_a_turned_head_is_the_same_in_voxels_that_are_no_cubes(place):
    """A ball turned about its middle stays a ball, however long the voxels are."""
    axes = np.ogrid[-30:30:60j, -30:30:60j, -30:30:20j]
    ball = torch.from_numpy((sum(a**2 for a in axes) < 20**2).astype(np.float32))
    moved = place.moved(ball, np.array([40.0, 20.0, 0]), np.zeros(3), (1.0, 1.0, 3.0))
    assert float((moved - ball).abs().mean()) < 0.1 * float(ball.mean())
