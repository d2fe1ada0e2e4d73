from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.train.augment import affine, bend, cube, sample, smooth_field, thicken
from pipeline.train.smooth import field, thick

STRAIGHT = np.eye(3, dtype=np.float32)
BOX = (4, 5, 6)


def positions(centre: tuple[float, float, float], size: tuple[int, int, int] = BOX) -> torch.Tensor:
    """Of a box that is neither turned nor bent."""
    return cube(np.array(centre), size, STRAIGHT, 0.0, np.random.default_rng(0))


def volume() -> torch.Tensor:
    values = np.random.default_rng(1).random((2, *BOX), np.float32)
    return torch.from_numpy(values)


def test_a_straight_box_lies_around_its_centre() -> None:
    at = positions((10, 20, 30)).reshape(3, *BOX)
    wanted = np.indices(BOX) + np.reshape([10 - 1.5, 20 - 2.0, 30 - 2.5], (3, 1, 1, 1))
    np.testing.assert_allclose(at.numpy(), wanted, atol=1e-6)


def test_a_matrix_moves_positions_about_the_centre() -> None:
    twice = cube(np.array([10, 20, 30]), BOX, 2 * STRAIGHT, 0.0, np.random.default_rng(0))
    once, middle = positions((10, 20, 30)), torch.tensor([[10.0], [20.0], [30.0]])
    torch.testing.assert_close(twice - middle, 2 * (once - middle))


def test_a_bend_moves_positions_as_far_as_it_is_strong() -> None:
    straight = positions((0, 0, 0))
    weak, again, strong = (
        cube(np.zeros(3), BOX, STRAIGHT, strength, np.random.default_rng(2))
        for strength in (1.0, 1.0, 3.0)
    )
    assert torch.equal(weak, again)
    assert float((weak - straight).abs().max()) > 0.1
    torch.testing.assert_close(strong - straight, 3 * (weak - straight), atol=1e-4, rtol=1e-4)


def test_one_draw_of_three_is_not_bent() -> None:
    drawn = np.array([bend(np.random.default_rng(seed)) for seed in range(600)])
    assert (drawn == 0).mean() == pytest.approx(0.33, abs=0.06)
    assert drawn.min() == 0
    assert 4 < drawn.max() < 5


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_sampling_at_whole_positions_gives_the_voxels(mode: str) -> None:
    found = sample(volume(), positions((1.5, 2, 2.5)), BOX, mode)
    torch.testing.assert_close(found, volume(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_sampling_outside_gives_zero(mode: str) -> None:
    wide = (8, 9, 10)
    found = sample(volume(), positions((1.5, 2, 2.5), wide), wide, mode)
    inner = found[:, 2:6, 2:7, 2:8].clone()
    found[:, 2:6, 2:7, 2:8] = 0
    torch.testing.assert_close(inner, volume(), atol=1e-5, rtol=1e-5)
    assert float(found.abs().max()) < 1e-5


def test_halfway_between_two_voxels_lies_their_mean() -> None:
    found = sample(volume(), positions((2.0, 2, 2.5)), BOX, "bilinear")[:, :3]
    wanted = (volume()[:, :3] + volume()[:, 1:]) / 2
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


def test_half_the_draws_are_mirrored_where_that_is_asked_for() -> None:
    rng = np.random.default_rng(0)
    mirrored = [np.linalg.det(affine(rng, 20, 0.1, mirror=True)) < 0 for _ in range(200)]
    kept = [np.linalg.det(affine(rng, 20, 0.1, mirror=False)) < 0 for _ in range(200)]
    assert np.mean(mirrored) == pytest.approx(0.5, abs=0.12)
    assert not any(kept)


def test_a_mirror_exchanges_left_and_right_alone() -> None:
    drawn = [affine(np.random.default_rng(seed), 0, 0, mirror=True) for seed in range(12)]
    flipped = [matrix for matrix in drawn if matrix[0, 0] < 0]
    assert 0 < len(flipped) < len(drawn)
    for matrix in flipped:
        np.testing.assert_allclose(matrix, np.diag([-1.0, 1.0, 1.0]), atol=1e-6)


def test_sizes_change_by_no_more_than_the_scale() -> None:
    rng = np.random.default_rng(0)
    stretch = [np.linalg.svd(affine(rng, 30, 0.15, True), compute_uv=False) for _ in range(100)]
    assert 0.85 - 1e-5 <= np.min(stretch) < 0.9
    assert 1.1 < np.max(stretch) <= 1.15 + 1e-5


def test_arrays_get_the_fields_and_slices_that_tensors_get() -> None:
    smooth = smooth_field(BOX, 3, np.random.default_rng(0), 2)
    assert isinstance(smooth, np.ndarray)
    np.testing.assert_array_equal(smooth, field(BOX, 3, np.random.default_rng(0), 2).numpy())
    turned = smooth[0].transpose(2, 0, 1)
    wanted = thick(torch.from_numpy(turned.copy()), 0, 2.0).numpy()
    np.testing.assert_array_equal(thicken(turned, 0, 2.0), wanted)
