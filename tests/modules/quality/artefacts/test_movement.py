from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage


@pytest.fixture
def movement(code):
    return code("artefacts.movement")


@pytest.fixture
def anatomy():
    """A head with folds: smooth noise in an ellipsoid; every line of k-space holds something."""
    x, y, z = np.ogrid[-1:1:96j, -1:1:96j, -1:1:96j]
    inside = (x / 0.75) ** 2 + (y / 0.9) ** 2 + (z / 0.8) ** 2 < 1
    rough = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((96,) * 3), 1.5)
    return (inside * (0.7 + 0.25 * rough / rough.std()).clip(0.15, 1.3)).astype(np.float32)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("make", ["moved", "ghosting"])
@pytest.mark.parametrize("severity", [0.3, 0.9])
def test_severity_is_the_share_of_the_signal_that_is_wrong(movement, anatomy, make, severity):
    spoilt = [getattr(movement, make)(anatomy, severity, rng(seed)) for seed in range(6)]
    shares = [movement.changed(image, anatomy) / movement.AT_WORST for image in spoilt]
    assert np.median(shares) == pytest.approx(severity, rel=0.1)
    assert max(shares) < 1.15 * severity


def test_what_is_wrong_by_a_tenth_is_a_tenth(movement, anatomy):
    assert movement.changed(anatomy, anatomy) == 0
    assert movement.changed(1.1 * anatomy, anatomy) == pytest.approx(0.1, rel=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_a_head_that_moved_is_still_where_it_belongs(movement, anatomy, seed):
    spoilt = movement.moved(anatomy, 0.9, rng(seed), (1.0, 1.0, 1.0))
    middles = [np.argwhere(image > 0.5).mean(0) for image in (spoilt, anatomy)]
    assert np.abs(middles[0] - middles[1]).max() < 2.5


def test_ghosts_repeat_the_head_at_fractions_of_the_field_of_view(movement, head):
    assert movement.ghosting(head, 0.8, rng(1))[head == 0].mean() > 0.02


@pytest.mark.parametrize("seed", range(8))
def test_a_movement_reaches_every_line_once(movement, seed):
    assert sorted(movement.run(37, rng(seed))) == list(range(37))


def test_a_movement_is_as_far_in_millimetres_along_every_axis(movement, head):
    ball = (head > 0.8).astype(np.float32)
    for seed in range(4):
        fine = movement.displaced(ball, 1.0, rng(seed), (1.0, 1.0, 1.0))
        coarse = movement.displaced(ball, 1.0, rng(seed), (1.0, 1.0, 4.0))
        steps = [ndimage.center_of_mass(image) - np.full(3, 47.5) for image in (fine, coarse)]
        assert np.linalg.norm(steps[0]) == pytest.approx(10, abs=0.5)
        assert np.linalg.norm(steps[1] * (1, 1, 4)) == pytest.approx(10, abs=0.5)


def test_an_empty_image_stays_empty(movement):
    empty = np.zeros((32, 32, 32), np.float32)
    assert not movement.moved(empty, 0.9, rng()).any()
    assert not movement.ghosting(empty, 0.9, rng()).any()
