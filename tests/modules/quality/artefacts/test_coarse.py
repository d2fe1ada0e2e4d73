from __future__ import annotations

import numpy as np
import pytest

SPACING = (1.0, 1.0, 1.0)


@pytest.fixture
def acquired(code):
    return code("artefacts.coarse")


def rng(seed=0):
    return np.random.default_rng(seed)


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
