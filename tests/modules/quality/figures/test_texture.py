from __future__ import annotations

import numpy as np
import pytest

SPACING = (2.0, 2.0, 2.0)


@pytest.fixture
def textures(code):
    return code("figures.texture")


@pytest.fixture
def figures(code, textures):
    """Texture of an image, all of it head or what is said."""

    def measure(image, inside=None):
        inside = np.ones(image.shape, bool) if inside is None else inside
        return textures.texture(code("figures.waves").answers(image, inside, SPACING))

    return measure


def test_ripples_that_lie_everywhere_spread_the_detail(figures, textures, blobs):
    ripples = 0.03 * np.cos(2 * np.pi * 0.26 * np.arange(64)).astype(np.float32)
    clean, spoilt = figures(blobs), figures(blobs + ripples)
    assert tuple(clean) == textures.NAMES
    assert spoilt["texture.spread.mean.2"] > clean["texture.spread.mean.2"] + 0.05
    assert spoilt["texture.peaks.mean.2"] < clean["texture.peaks.mean.2"]
    # They run along one axis.
    assert spoilt["texture.spread.range.2"] > clean["texture.spread.range.2"]


def test_scaling_the_grey_values_changes_nothing(figures, blobs):
    one, other = (figures(scale * blobs) for scale in (1, 700))
    assert list(other.values()) == pytest.approx(list(one.values()), abs=2e-3)


def test_noise_is_spread_as_a_normal_distribution_is(figures):
    found = figures(100 + np.random.default_rng(0).standard_normal((64,) * 3).astype(np.float32))
    assert found["texture.spread.mean.3"] == pytest.approx(np.log(np.sqrt(2 / np.pi)), abs=0.01)
    assert found["texture.peaks.mean.3"] == pytest.approx(np.log(3), abs=0.03)


def test_too_small_a_head_has_no_texture(figures, blobs):
    found = figures(blobs, np.zeros(blobs.shape, bool))
    assert np.isnan(list(found.values())).all()
