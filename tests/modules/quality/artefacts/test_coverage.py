from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def coverage(code):
    return code("artefacts.coverage")


def test_extent_is_the_heads(coverage, head):
    filled = np.flatnonzero(np.count_nonzero(head > 0.12, axis=(1, 2)) > 0.01 * 96 * 96)
    assert coverage.extent(head, 0) == (filled[0], filled[-1] + 1)


@pytest.mark.parametrize("seed", range(6))
def test_cut_removes_one_side_and_nothing_else(coverage, head, seed):
    image = coverage.cut(head, 0.5, np.random.default_rng(seed))
    kept = image != 0
    np.testing.assert_array_equal(image[kept], head[kept])
    assert 0.3 < image.sum() / head.sum() < 0.97


@pytest.mark.parametrize("seed", range(4))
def test_wrap_moves_signal_but_loses_none(coverage, head, seed):
    image = coverage.wrap(head, 0.5, np.random.default_rng(seed))
    inside = coverage.extent(head, 0)
    assert image.sum() == pytest.approx(head.sum(), rel=0.01)
    assert coverage.extent(image, 0) != inside or coverage.extent(image, 1) != inside
