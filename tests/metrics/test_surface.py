from __future__ import annotations

import math
import time

import numpy as np
import pytest
import surface_distance
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from pipeline.metrics import hd95, nsd
from tests.metrics.masks import EMPTY, SPACINGS, blobs, cube, disturbed, pads


def by_distance_maps(prediction: np.ndarray, truth: np.ndarray, spacing: tuple) -> float:
    """HD95 from two Euclidean distance maps."""
    edges = [mask & ~ndimage.binary_erosion(mask) for mask in (prediction, truth)]
    maps = [ndimage.distance_transform_edt(~edge, sampling=spacing) for edge in edges]
    return max(np.percentile(maps[1 - i][edges[i]], 95) for i in (0, 1))


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("seed", range(3))
def test_nsd_is_the_figure_of_its_authors(seed: int, spacing: tuple) -> None:
    prediction, truth = disturbed(seed)
    theirs = surface_distance.compute_surface_distances(truth, prediction, spacing)
    for tolerance in (0.5, 1.0, 2.0):
        expected = surface_distance.compute_surface_dice_at_tolerance(theirs, tolerance)
        assert nsd(prediction, truth, spacing, tolerance) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("seed", range(3))
def test_hd95_agrees_with_distance_maps(seed: int, spacing: tuple) -> None:
    prediction, truth = disturbed(seed)
    expected = by_distance_maps(prediction, truth, spacing)
    assert hd95(prediction, truth, spacing) == pytest.approx(expected, rel=1e-4)


def test_a_shift_is_measured_in_millimetres_along_its_axis() -> None:
    here, there = cube((4, 4, 4), 6), cube((4, 4, 6), 6)
    assert hd95(here, there, (1.0, 1.0, 3.0)) == pytest.approx(6.0)
    assert nsd(here, there, (1.0, 1.0, 3.0), 6.0) == 1.0
    assert nsd(here, there, (1.0, 1.0, 3.0), 2.9) < 1.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), pads)
def test_both_are_symmetric_and_ignore_padding(seed: int, pad: tuple) -> None:
    a, b = disturbed(seed)
    spacing = SPACINGS[1]
    wide_a, wide_b = np.pad(a, pad), np.pad(b, pad)
    assert nsd(wide_b, wide_a, spacing, 1.0) == pytest.approx(nsd(a, b, spacing, 1.0), abs=1e-6)
    assert hd95(wide_b, wide_a, spacing) == pytest.approx(hd95(a, b, spacing), rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.floats(0, 5))
def test_nsd_is_a_share_that_grows_with_the_tolerance(seed: int, tolerance: float) -> None:
    a, b = disturbed(seed)
    less, more = (nsd(a, b, (1, 1, 1), t) for t in (tolerance, tolerance + 1))
    assert 0 <= less <= more <= 1


def test_a_mask_lies_on_itself() -> None:
    mask = blobs(0)
    assert nsd(mask, mask, (1, 1, 1), 0.0) == 1.0
    assert hd95(mask, mask, (1, 1, 1)) == 0.0


def test_empty_masks_have_no_distance() -> None:
    mask = cube((1, 1, 1), 3, EMPTY.shape)
    assert math.isnan(nsd(EMPTY, EMPTY, (1, 1, 1), 1.0))
    assert nsd(EMPTY, mask, (1, 1, 1), 1.0) == nsd(mask, EMPTY, (1, 1, 1), 1.0) == 0.0
    assert all(math.isnan(hd95(a, b, (1, 1, 1))) for a, b in [(EMPTY, mask), (mask, EMPTY)])


def test_a_lesion_in_a_whole_head_costs_what_a_lesion_costs() -> None:
    small = [np.indices((50, 50, 50)) - 25] * 2
    lesion, grown = (
        (where**2).sum(axis=0) < r**2 for where, r in zip(small, (20, 21), strict=True)
    )
    head = ((90, 100), (90, 100), (50, 55))
    hd95(lesion, grown, (1, 1, 1))  # imports are not counted
    seconds = []
    for pad in (((0, 0),) * 3, head):
        started = time.process_time()
        assert nsd(np.pad(lesion, pad), np.pad(grown, pad), (1, 1, 1), 1.5) == 1.0
        seconds.append(time.process_time() - started)
    assert seconds[1] < 2 * seconds[0] + 0.5
