from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

NAMES = ["motion_ghosting", "noise", "bias", "blur", "spikes", "field_of_view"]


@pytest.fixture
def artefacts(code):
    return code("artefacts.scanner")


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_alone_decides(artefacts, head, name):
    make = artefacts.ARTEFACTS[name]
    first, again, other = (make(head, 0.7, rng(seed)) for seed in (3, 3, 4))
    assert first.dtype == np.float32
    assert first.shape == head.shape
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", NAMES)
def test_more_severe_is_further_from_the_clean_image(artefacts, head, name):
    make = artefacts.ARTEFACTS[name]
    distances = [
        np.mean([np.abs(make(head, severity, rng(seed)) - head).mean() for seed in range(4)])
        for severity in (0.1, 0.5, 1.0)
    ]
    assert distances == sorted(distances)
    assert distances[0] < 0.6 * distances[2]


@pytest.mark.parametrize("name", NAMES)
def test_the_image_given_is_left_alone(artefacts, head, name):
    before = head.copy()
    artefacts.ARTEFACTS[name](head, 0.8, rng())
    np.testing.assert_array_equal(head, before)


def test_noise_has_the_deviation_it_claims(artefacts, head):
    noisy = artefacts.noise(head, 0.4, rng())
    inner = ndimage.binary_erosion(head == 0.9, iterations=2)
    assert noisy[inner].std() == pytest.approx(0.1 * artefacts.level(head), rel=0.05)


def test_noise_in_air_is_rayleigh(artefacts, head):
    air = artefacts.noise(head, 0.4, rng())[head == 0]
    sigma = 0.1 * artefacts.level(head)
    assert air.mean() == pytest.approx(sigma * np.sqrt(np.pi / 2), rel=0.02)


def test_bias_has_the_spread_it_claims(artefacts, head):
    inside = head > 0.1
    gain = np.log(artefacts.bias(head, 0.5, rng())[inside] / head[inside])
    assert gain.std() == pytest.approx(0.3, rel=0.02)


def test_a_spike_is_one_bright_point_in_k_space(artefacts, head):
    spoilt = artefacts.spikes(head, 0.8, rng(5))
    change = np.abs(np.fft.fftn(spoilt - head))
    assert change.max() > 50 * np.median(change)


def test_an_empty_image_survives(artefacts):
    empty = np.zeros((96, 96, 96), np.float32)
    for make in artefacts.ARTEFACTS.values():
        assert np.isfinite(make(empty, 0.9, rng())).all()
