from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def figures(code, placed):
    return lambda image, inside=None: code("figures.agreement").agreement(placed(image, inside))


def test_fine_edges_of_a_head_that_was_elsewhere_lie_beside_the_coarse_ones(figures, blobs, moved):
    clean, spoilt = figures(blobs), figures(moved)
    assert spoilt["agreement.axes.3.3"] < clean["agreement.axes.3.3"] - 0.3
    assert spoilt["agreement.bands.0.3"] < clean["agreement.bands.0.3"] - 0.1


def test_neither_contrast_nor_scale_matter(figures, blobs):
    one, other = figures(blobs), figures(700 * (1.7 - blobs))
    assert list(other.values()) == pytest.approx(list(one.values()), abs=0.02)


def test_noise_agrees_in_nothing_but_what_bands_share(figures):
    noise = 100 + 10 * np.random.default_rng(0).standard_normal((64,) * 3).astype(np.float32)
    found = figures(noise)
    assert abs(found["agreement.axes.5.5"]) < 0.05
    assert found["agreement.bands.0.5"] < 0.3 < found["agreement.bands.4.5"]


def test_too_small_a_head_agrees_in_nothing(code, figures, blobs):
    found = figures(blobs, np.zeros(blobs.shape, bool))
    assert tuple(found) == code("figures.agreement").NAMES
    assert np.isnan(list(found.values())).all()
