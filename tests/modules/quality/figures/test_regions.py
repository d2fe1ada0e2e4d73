from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

SPACING = (2.0, 2.0, 2.0)


@pytest.fixture(scope="module")
def regions(code):
    return code("figures.regions")


@pytest.fixture
def noisy(head):
    rng = np.random.default_rng(0)
    real = head + rng.normal(0, 0.02, head.shape)
    return np.hypot(real, rng.normal(0, 0.02, head.shape)).astype(np.float32)


def test_head_is_everything_within_the_skin(regions, noisy, head):
    found = regions.find_regions(noisy, SPACING).head
    axes = np.ogrid[-1:1:96j, -1:1:96j, -1:1:96j]
    inside = sum(axis**2 for axis in axes) < 0.85**2
    overlap = 2 * (found & inside).sum() / (found.sum() + inside.sum())
    assert overlap > 0.97


def test_a_series_of_five_slices_is_no_colour_picture(regions, noisy):
    # scikit-image warns of three in the last axis, and here a warning is an error.
    slices = noisy[:, :, 8::18][:, :, :5]
    assert regions.find_regions(slices, (2.0, 2.0, 36.0)).head.any()


def test_air_keeps_its_distance_from_the_head(regions, noisy):
    parts = regions.find_regions(noisy, SPACING)
    assert parts.air.any()
    assert noisy[parts.air].max() < 0.15
    assert not (parts.air & parts.head).any()


def test_zeros_are_no_air(regions, head):
    assert not regions.find_regions(head, SPACING).air.any()


def test_the_two_tissues_are_told_apart(regions, noisy):
    parts = regions.find_regions(noisy, SPACING)
    assert noisy[parts.dark].mean() == pytest.approx(0.5, abs=0.05)
    assert noisy[parts.bright].mean() == pytest.approx(0.9, abs=0.05)
    assert not (parts.dark & parts.bright).any()


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_an_image_of_nothing_has_no_parts(regions, value):
    parts = regions.find_regions(np.full((30, 30, 30), value, np.float32), SPACING)
    assert not parts.head.any()
    assert not parts.core.any()
    assert not parts.bright.any()


def test_thinning_spends_the_finest_axis_first(regions):
    assert regions.thinning((96, 96, 96), SPACING) == (1, 1, 1)
    assert regions.thinning((512, 512, 24), (0.5, 0.5, 5.0)) == (3, 2, 1)


def test_block_keeps_every_voxel_and_carries_the_head_along(regions):
    large = np.zeros((260, 240, 200), np.uint16)
    large[60:200, 50:190, 40:160] = 500
    parts = regions.find_regions(large, (1.0, 1.0, 1.0))
    image, head = regions.block(large, parts, 96)
    assert image.shape == head.shape == (96, 96, 96)
    assert parts.step != (1, 1, 1)
    assert head.all()
    assert (image == 500).all()


def test_a_volume_of_256_cubed_is_thinned_to_what_is_quick(regions):
    step = regions.thinning((256, 256, 256), (1.0, 1.0, 1.0))
    assert np.prod([-(-256 // s) for s in step]) <= regions.MOST_VOXELS


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_holes_are_those_that_scipy_fills(regions, seed, share):
    mask = np.random.default_rng(seed).random((7, 5, 6)) < share
    assert np.array_equal(regions.filled(mask), ndimage.binary_fill_holes(mask))


@pytest.mark.parametrize("outside", [False, True])
def test_distance_is_that_of_the_nearest_coarse_voxel(regions, outside):
    """A cube of 64 mm in one of 128 mm, voxels of 1 mm, cells of 4 mm."""
    cube = np.zeros((128,) * 3, bool)
    cube[32:96, 32:96, 32:96] = True
    far = regions.beyond(cube, (1.0, 1.0, 1.0), 10.0, outside=outside)
    along = np.flatnonzero(far[:, 64, 64])
    assert (along.min(), along.max()) == ((0, 127) if outside else (40, 87))
    assert not (far & (cube == outside)).any()


@given(mask=arrays(bool, st.tuples(*[st.integers(1, 9)] * 3)))
def test_boxes_and_openings_are_those_of_scipy(regions, mask):
    assert np.array_equal(regions.opened(mask), ndimage.binary_opening(mask))
    found = ndimage.find_objects(mask.astype(np.uint8))
    assert regions.bounds(mask) == (found[0] if found else None)
