from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.train.scanner import crop, scale, scan, slices


@pytest.mark.parametrize("seed", range(5))
def test_a_scan_keeps_its_grid_and_no_value_is_below_zero(seed: int) -> None:
    image = torch.zeros(24, 22, 26)
    image[6:18, 6:18, 6:18] = 1
    found = scan(image, np.random.default_rng(seed), side=2.0)
    assert found.shape == image.shape
    assert found.min() >= 0
    assert found[8:16, 8:16, 8:16].mean() > found[:3].mean()


def test_the_same_generator_gives_the_same_scan() -> None:
    image = torch.zeros(16, 16, 16)
    image[4:12, 4:12, 4:12] = 1
    first, again, other = (scan(image, np.random.default_rng(s)) for s in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_slices_are_one_to_seven_millimetres_thick() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([slices(rng) for _ in range(500)])
    assert drawn.min() >= 1
    assert 6 < drawn.max() <= 7


def test_a_field_of_view_ends_early_on_one_side() -> None:
    whole = torch.ones(20, 20, 20)
    kept = crop(whole, np.random.default_rng(0))
    assert 0.65 <= float(kept.mean()) <= 0.95
    assert whole.all(), "the image it was given stays whole"
    blank = [int((kept == 0).all(a).all(b - 1).sum()) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert sum(n > 0 for n in blank) == 1


def test_percentiles_are_scaled_as_the_bundles_do() -> None:
    image = torch.linspace(5, 25, 32**3).reshape((32,) * 3)
    found = scale(image)
    few = found[::2, ::2, ::2].numpy()
    assert np.percentile(few, (1, 99.5)) == pytest.approx([0, 1], abs=1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_voxels_of_given_sides_blur_along_the_slices_and_nothing_is_cut_off(seed: int) -> None:
    image = torch.zeros(24, 24, 24)
    image[:, :, 12:] = 1
    sharp, thick = (
        scan(image, np.random.default_rng(seed), sides_mm=(1.0, 1.0, side)) for side in (1.0, 6.0)
    )
    assert float(sharp[:, :, 16:].mean()) > 0.2, "all of the bright half is there"
    step = [float((found[:, :, 12] - found[:, :, 11]).mean()) for found in (sharp, thick)]
    assert step[0] > step[1]
