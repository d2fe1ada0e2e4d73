from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import fft


@pytest.fixture
def kspace(code):
    return code("figures.kspace")


@pytest.fixture
def block(head):
    """A head with a little noise, as no scan is without."""
    return head + np.random.default_rng(0).normal(0, 0.02, head.shape).astype(np.float32)


def herringbone(image, height):
    x, y, _ = np.indices(image.shape)
    return image + np.float32(height) * np.cos(2 * np.pi * (0.21 * x + 0.13 * y)).astype(np.float32)


def combed(image, weaker):
    lines = fft.fft(image, axis=1)
    order = np.rint(fft.fftfreq(image.shape[1]) * image.shape[1]).astype(int)
    lines[:, (order % 4 == 0) & (np.abs(order) > 1)] *= 1 - weaker
    return np.abs(fft.ifft(lines, axis=1)).astype(np.float32)


def test_a_spike_stands_far_above_its_surroundings(kspace, block):
    assert kspace.spike(block) < 1.2
    assert kspace.spike(herringbone(block, 0.05)) > 2
    assert kspace.spike(herringbone(block, 0.3)) > kspace.spike(herringbone(block, 0.05))


def test_noise_is_no_spike(kspace, head):
    noisy = head + np.random.default_rng(1).normal(0, 0.3, head.shape).astype(np.float32)
    assert kspace.spike(noisy) < 1.2


def test_a_comb_of_weak_lines_is_uneven(kspace, block):
    clean, mild, strong = (
        kspace.ghost(combed(block, weaker), (48, 48, 48)) for weaker in (0, 0.3, 0.8)
    )
    assert clean < mild < strong
    assert strong > 2 * clean


@pytest.mark.parametrize("image", [np.ones((8, 8, 8)), np.zeros((40, 40, 40))])
def test_what_is_too_small_or_empty_has_no_k_space_to_speak_of(kspace, image):
    assert math.isnan(kspace.spike(image.astype(np.float32)))
    assert math.isnan(kspace.ghost(image.astype(np.float32), (4, 4, 4)))


def test_thin_slabs_are_judged_within_their_planes(kspace, block):
    thin = block[:, :, 40:50]
    assert kspace.spike(thin) < 1.5 < 2 < kspace.spike(herringbone(thin, 0.2))
