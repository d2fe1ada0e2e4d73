from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import ndimage


@pytest.fixture
def detail(code):
    return code("figures.detail")


def test_the_noise_found_is_the_noise_added(detail, head):
    inside = head > 0.1
    for sigma in (0.02, 0.1):
        noisy = head + np.random.default_rng(0).normal(0, sigma, head.shape).astype(np.float32)
        found = detail.noise_level(noisy, inside)
        assert found == pytest.approx(sigma / head[inside].mean(), rel=0.1)


def test_edges_lose_their_steepness_when_blurred(detail, head):
    inside = head > 0.1
    sharp, soft = (
        detail.acutance(image, inside, (2.0, 2.0, 2.0))
        for image in (head, ndimage.gaussian_filter(head, 1.5))
    )
    assert soft < 0.6 * sharp


def test_steepness_counts_millimetres_not_voxels(detail, head):
    inside = head > 0.1
    fine, coarse = (detail.acutance(head, inside, (side,) * 3) for side in (1.0, 2.0))
    assert fine == pytest.approx(2 * coarse)


def test_smearing_along_one_axis_sets_it_apart(detail, head):
    smeared = ndimage.gaussian_filter1d(head, 2.0, axis=1)
    assert detail.anisotropy(head) < 0.05 < 0.3 < detail.anisotropy(smeared)
    assert detail.ripple(head)[1] < 0.05 < 0.3 < detail.ripple(smeared)[1]


def test_noise_swings_back_at_every_voxel_and_edges_do_not(detail, head):
    noise = np.random.default_rng(0).normal(0, 1, head.shape).astype(np.float32)
    soft = ndimage.gaussian_filter(head, 2.0)
    assert detail.ripple(noise)[0] == pytest.approx(np.sqrt(3), rel=0.02)
    assert detail.ripple(soft)[0] < 0.5


def test_an_even_image_has_no_ripples(detail):
    even = np.ones((24,) * 3, np.float32)
    assert math.isnan(detail.anisotropy(even))
    assert all(math.isnan(value) for value in detail.ripple(even))


def test_no_head_has_neither(detail):
    empty, nothing = np.zeros((24,) * 3, np.float32), np.zeros((24,) * 3, bool)
    assert math.isnan(detail.noise_level(empty, nothing))
    assert math.isnan(detail.acutance(empty, nothing, (1.0, 1.0, 1.0)))
