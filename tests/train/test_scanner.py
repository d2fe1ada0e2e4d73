from __future__ import annotations

import numpy as np
import pytest

from pipeline.train.scanner import crop, scale, scan, slices


@pytest.mark.parametrize("seed", range(5))
def test_a_scan_keeps_its_grid_and_no_value_is_below_zero(seed: int) -> None:
    image = np.zeros((24, 24, 24), np.float32)
    image[6:18, 6:18, 6:18] = 1
    found = scan(image, np.random.default_rng(seed), side=2.0)
    assert found.shape == image.shape
    assert found.min() >= 0
    assert found[8:16, 8:16, 8:16].mean() > found[:3].mean()


def test_slices_are_one_to_seven_millimetres_thick() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([slices(rng) for _ in range(500)])
    assert drawn.min() >= 1
    assert 6 < drawn.max() <= 7


def test_a_field_of_view_ends_early_on_one_side() -> None:
    kept = crop(np.ones((20, 20, 20), np.float32), np.random.default_rng(0))
    assert 0.65 <= kept.mean() <= 0.95


def test_percentiles_are_scaled_as_the_bundles_do() -> None:
    image = np.linspace(5, 25, 32**3, dtype=np.float32).reshape((32,) * 3)
    found = scale(image)
    assert np.percentile(found[::2, ::2, ::2], (1, 99.5)) == pytest.approx([0, 1], abs=1e-3)
