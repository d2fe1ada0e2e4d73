from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from skimage.measure import label, regionprops

from pipeline.metrics import count_lesions
from tests.metrics.masks import EMPTY, blobs, cube, disturbed, masks, pads


def covered(lesions: np.ndarray, other: np.ndarray, overlap: float) -> int:
    """Lesions covered by at least `overlap`, counted with scikit-image one region at a time."""
    regions = regionprops(label(lesions, connectivity=3))
    return sum(other[tuple(r.coords.T)].sum() >= overlap * r.area for r in regions)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("overlap", [0.1, 0.5, 1.0])
def test_counts_agree_with_scikit_image(seed: int, overlap: float) -> None:
    prediction, truth = disturbed(seed)
    counts = count_lesions(prediction, truth, overlap)
    assert counts.found == covered(truth, prediction, overlap)
    assert counts.true == covered(prediction, truth, overlap)
    assert counts.found + counts.missed == label(truth, connectivity=3).max()
    assert counts.true + counts.false == label(prediction, connectivity=3).max()


def test_one_found_one_missed_one_false() -> None:
    near, far, nowhere = cube((1, 1, 1), 3), cube((10, 10, 10), 3), cube((1, 15, 1), 3)
    counts = count_lesions(near | nowhere, near | far)
    assert (counts.found, counts.missed, counts.true, counts.false) == (1, 1, 1, 1)
    assert counts.sensitivity == counts.precision == counts.f1 == 0.5


def test_a_single_voxel_of_contact_is_no_detection() -> None:
    truth = cube((1, 1, 1), 4)
    assert count_lesions(cube((4, 4, 4), 4), truth).missed == 1


def test_voxels_that_touch_at_a_corner_are_one_lesion() -> None:
    truth = cube((1, 1, 1), 2) | cube((3, 3, 3), 2)
    assert count_lesions(truth, truth).found == 1


def test_a_prediction_that_joins_two_lesions_finds_both() -> None:
    two = cube((1, 1, 1), 3) | cube((7, 1, 1), 3)
    joined = two | cube((4, 1, 1), 3)
    counts = count_lesions(joined, two)
    assert (counts.found, counts.missed, counts.true, counts.false) == (2, 0, 1, 0)


def test_specks_are_not_counted_on_either_side() -> None:
    lesion, speck = cube((1, 1, 1), 3), cube((10, 10, 10), 1)
    counts = count_lesions(lesion, lesion | speck, least_voxels=2)
    assert (counts.found, counts.missed) == (1, 0)
    assert count_lesions(lesion | speck, lesion, least_voxels=2).false == 0
    both = count_lesions(lesion | speck, lesion | speck, least_voxels=2)
    assert (both.found, both.true) == (1, 1)


def test_nothing_to_find_and_nothing_found_is_undefined() -> None:
    mask = cube((1, 1, 1), 2, EMPTY.shape)
    nothing, alarm, miss = (
        count_lesions(*p) for p in [(EMPTY, EMPTY), (mask, EMPTY), (EMPTY, mask)]
    )
    assert math.isnan(nothing.f1)
    assert nothing.missed == 0
    assert math.isnan(alarm.sensitivity)
    assert math.isnan(miss.precision)
    assert alarm.f1 == miss.f1 == alarm.precision == miss.sensitivity == 0.0


@given(masks, masks, pads)
def test_swapping_the_masks_swaps_the_counts(a: np.ndarray, b: np.ndarray, pad: tuple) -> None:
    counts, swapped = count_lesions(a, b), count_lesions(np.pad(b, pad), np.pad(a, pad))
    assert (counts.found, counts.missed) == (swapped.true, swapped.false)
    assert math.isnan(counts.f1) or 0 <= counts.f1 <= 1


@pytest.mark.parametrize("overlap", [0.0, -1.0, 1.1])
def test_an_overlap_out_of_range_is_refused(overlap: float) -> None:
    with pytest.raises(ValueError, match="overlap"):
        count_lesions(blobs(0), blobs(1), overlap)


def test_masks_of_two_grids_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        count_lesions(blobs(0), EMPTY)
