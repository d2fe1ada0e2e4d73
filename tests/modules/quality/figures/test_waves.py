from __future__ import annotations

import numpy as np
import pytest

SPACING = (2.0, 2.0, 2.0)


@pytest.fixture
def waves(code):
    return code("figures.waves")


def everywhere(image):
    return np.ones(image.shape, bool)


def ripples(cycles):
    wave = np.cos(2 * np.pi * cycles * np.arange(48)).astype(np.float32)
    return np.broadcast_to(10 + wave, (48, 48, 48))


def test_the_finer_a_ripple_the_finer_the_wave_that_answers_most(waves):
    strengths = []
    for cycles in waves.BANDS:
        image = ripples(cycles)
        found = waves.answers(image, everywhere(image), SPACING)
        strengths.append(np.sqrt(np.square(found.values).mean((2, 3, 4))))
    loudest = [int(strength[2].argmax()) for strength in strengths]
    assert loudest == sorted(loudest)
    assert (loudest[0], loudest[-1]) == (0, len(waves.BANDS) - 2)
    # Waves along the other axes hear nothing.
    assert all(strength[:2].max() < 1e-4 * strength[2].max() for strength in strengths)


def test_answers_are_in_units_of_the_mean_signal(waves):
    image = ripples(0.26)
    one, other = (waves.answers(k * image, everywhere(image), SPACING) for k in (1, 700))
    np.testing.assert_allclose(other.values, one.values, atol=1e-5)


def test_voxels_are_binned_to_two_millimetres_where_they_are_finer(waves):
    block = np.zeros((100, 60, 20), np.float32)
    image, inside = waves.binned(block, block == 0, (1.0, 0.5, 5.0))
    assert image.shape == inside.shape == (48, 15, 20)


def test_no_wave_fits_into_too_small_a_head(waves):
    image = ripples(0.26)
    assert waves.answers(image, np.zeros(image.shape, bool), SPACING) is None
    assert waves.answers(image[:5], everywhere(image[:5]), SPACING) is None
