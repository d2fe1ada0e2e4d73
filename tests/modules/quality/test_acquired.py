from __future__ import annotations

import numpy as np
import pytest

SPACING = (1.0, 1.0, 1.0)


@pytest.fixture
def acquired(code):
    return code("acquired")


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(4))
def test_a_head_that_moved_is_still_where_it_belongs(acquired, head, seed):
    spoilt = acquired.moved(head, 0.9, rng(seed), SPACING)
    assert np.corrcoef(spoilt.ravel(), head.ravel())[0, 1] > 0.8
    middles = [np.argwhere(image > 0.3).mean(0) for image in (spoilt, head)]
    assert np.abs(middles[0] - middles[1]).max() < 2.5


def test_more_movement_spoils_more(acquired, head):
    distances = [
        np.mean(
            [np.abs(acquired.moved(head, s, rng(seed), SPACING) - head).mean() for seed in range(4)]
        )
        for s in (0.1, 0.5, 1.0)
    ]
    assert distances == sorted(distances)


def test_interpolated_thick_slices_are_coarse_along_one_axis(acquired, head):
    rough = []
    for seed in range(8):
        soft = acquired.coarse(head, 1.0, rng(seed), SPACING)
        rough.append([float(np.abs(np.diff(soft, axis=axis)).max()) for axis in range(3)])
    spread = [max(axes) / min(axes) for axes in rough]
    # Steps along the coarse axis are a fraction of those across it.
    assert max(spread) > 5


def test_thick_voxels_cannot_be_coarser_by_interpolation(acquired, head):
    soft = acquired.coarse(head, 0.5, rng(), (4.0, 4.0, 4.0))
    np.testing.assert_array_equal(soft, acquired.coarse(head, 0.5, rng(), (4.0, 4.0, 4.0)))
    assert np.isfinite(soft).all()
