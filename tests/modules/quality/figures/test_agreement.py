from __future__ import annotations

import numpy as np
import pytest
from scipy import fft, ndimage

SPACING = (2.0, 2.0, 2.0)


@pytest.fixture
def figures(code):
    def measure(image, inside=None):
        inside = np.ones(image.shape, bool) if inside is None else inside
        agreement, waves = code("figures.agreement"), code("figures.waves")
        return agreement.agreement(waves.answers(image, inside, SPACING))

    return measure


@pytest.fixture
def blobs():
    """Even tissue with sharp borders: an edge is seen by waves of every fineness."""
    rough = ndimage.gaussian_filter(np.random.default_rng(0).standard_normal((64,) * 3), 4)
    return np.where(rough > 0, 1.0, 0.7).astype(np.float32)


def fine_detail_from(image, other):
    """Low frequencies along the last axis of one image, high ones of the other."""
    still, moved = fft.fft(image, axis=2), fft.fft(other, axis=2)
    high = np.abs(fft.fftfreq(image.shape[2])) > 0.16
    return np.abs(fft.ifft(np.where(high, moved, still), axis=2)).astype(np.float32)


def test_fine_edges_of_a_head_that_was_elsewhere_lie_beside_the_coarse_ones(figures, blobs):
    clean = figures(blobs)
    spoilt = figures(fine_detail_from(blobs, np.roll(blobs, (5, 3, 4), (0, 1, 2))))
    assert spoilt["agreement.axes.least.3"] < clean["agreement.axes.least.3"] - 0.3
    assert spoilt["agreement.bands.least.3"] < clean["agreement.bands.least.3"] - 0.05


def test_neither_contrast_nor_scale_matter(figures, blobs):
    one, other = figures(blobs), figures(700 * (1.7 - blobs))
    assert list(other.values()) == pytest.approx(list(one.values()), abs=0.02)


def test_noise_agrees_in_nothing_but_what_bands_share(figures):
    noise = 100 + 10 * np.random.default_rng(0).standard_normal((64,) * 3).astype(np.float32)
    found = figures(noise)
    assert abs(found["agreement.axes.mean.5"]) < 0.05


def test_too_small_a_head_agrees_in_nothing(figures, blobs):
    found = figures(blobs, np.zeros(blobs.shape, bool))
    assert np.isnan(list(found.values())).all()
