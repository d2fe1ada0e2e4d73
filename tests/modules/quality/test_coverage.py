from __future__ import annotations

import numpy as np
import pytest
import torch


@pytest.fixture
def coverage(code):
    return code("coverage")


@pytest.fixture
def series(code, head):
    module = code("series")
    image = torch.from_numpy(head)
    return module.Series(image, (2.0,) * 3, False, np.full(3, 47.5), module.extent_of(image))


@pytest.mark.parametrize("seed", range(8))
def test_cut_removes_one_side_and_nothing_else(coverage, series, seed):
    found = coverage.cut(series, 0.5, np.random.default_rng(seed)).image
    assert 0.3 < found.sum() / series.image.sum() < 0.97
    if found.shape == series.image.shape:
        kept = found != 0
        assert torch.equal(found[kept], series.image[kept])


def test_some_cuts_leave_empty_slices_and_some_none(coverage, series):
    cuts = [coverage.cut(series, 0.5, np.random.default_rng(seed)) for seed in range(12)]
    emptied = [cut.image.shape == series.image.shape for cut in cuts]
    assert 2 < sum(emptied) < 10
    for cut, empty in zip(cuts, emptied, strict=True):
        middle = series.centre if empty else (np.array(cut.image.shape) - 1) / 2
        np.testing.assert_array_equal(cut.centre, middle)


@pytest.mark.parametrize("seed", range(8))
def test_wrap_moves_signal_but_loses_none(coverage, series, seed):
    found = coverage.wrap(series, 0.5, np.random.default_rng(seed))
    assert float(found.image.sum()) == pytest.approx(float(series.image.sum()), rel=1e-4)
    assert float(found.image.max()) > float(series.image.max()) * 1.05


def test_nothing_is_folded_where_brain_extraction_followed(coverage, series):
    from dataclasses import replace

    brain = replace(series, stripped=True)
    for seed in range(12):
        found = coverage.field_of_view(brain, 0.5, np.random.default_rng(seed)).image
        kept = found != 0
        assert found.shape == brain.image.shape
        assert torch.equal(found[kept], brain.image[kept])


@pytest.mark.parametrize("seed", range(4))
def test_a_tight_field_of_view_loses_no_more_than_the_neck(coverage, series, seed):
    found = coverage.tight(series, np.random.default_rng(seed))
    above = series.image[:, :, 40:]
    assert found.image.numel() < series.image.numel()
    assert float(found.image.sum()) >= float(above.sum())
    np.testing.assert_array_equal(found.centre, (np.array(found.image.shape) - 1) / 2)
