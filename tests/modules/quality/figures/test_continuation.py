from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def figures(code, placed):
    named = code("figures.continuation")
    return lambda image, inside=None: named.continuation(placed(image, inside))


def test_copies_of_edges_end_sooner_along_the_wave_than_anatomy_does(figures, blobs, moved):
    clean, spoilt = figures(blobs), figures(moved)
    assert spoilt["continuation.along.1.3"] < clean["continuation.along.1.3"] - 0.1
    assert spoilt["continuation.along.2.5"] < clean["continuation.along.2.5"] - 0.1
    assert spoilt["continuation.across.3.5"] > clean["continuation.across.3.5"] + 0.05


def test_noise_goes_on_nowhere(figures):
    noise = 100 + 10 * np.random.default_rng(0).standard_normal((64,) * 3).astype(np.float32)
    found = figures(noise)
    assert max(abs(found[name]) for name in found if ".3." in name) < 0.1


def test_stripes_go_on_across_their_wave(figures):
    """Broad stripes come and go along one axis; along them nothing changes."""
    x = np.arange(64)
    stripes = np.where(x % 32 < 16, 1.0, np.cos(np.pi * x))[:, None, None] + np.zeros((64,) * 3)
    grain = 0.05 * np.random.default_rng(0).standard_normal(stripes.shape)
    found = figures((10 + stripes + grain).astype(np.float32))
    assert found["continuation.across.3.5"] > found["continuation.along.3.5"] + 0.2


def test_turning_the_head_changes_nothing(figures, blobs):
    one, other = figures(blobs), figures(np.ascontiguousarray(blobs.transpose(2, 0, 1)))
    assert list(other.values()) == pytest.approx(list(one.values()), abs=1e-3)


def test_slices_too_few_to_look_further_leave_the_other_axes(figures, blobs):
    few = figures(blobs[:, :, :12])
    assert np.isfinite(few["continuation.along.3.0"])


def test_too_small_a_head_goes_on_nowhere(code, figures, blobs):
    found = figures(blobs, np.zeros(blobs.shape, bool))
    assert tuple(found) == code("figures.continuation").NAMES
    assert np.isnan(list(found.values())).all()
