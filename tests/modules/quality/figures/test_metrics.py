from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import ndimage


@pytest.fixture
def metrics(code):
    return code("figures.metrics")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def normal(rng, mean, deviation, size=200_000):
    return rng.normal(mean, deviation, size).astype(np.float32)


def test_snr_is_mean_over_deviation(metrics, rng):
    assert metrics.snr(normal(rng, 100, 5)) == pytest.approx(20, rel=0.01)


def test_dietrich_recovers_the_noise_of_magnitude_images(metrics, rng):
    air = np.hypot(normal(rng, 0, 4), normal(rng, 0, 4))
    assert metrics.snr_dietrich(normal(rng, 100, 1), air) == pytest.approx(25, rel=0.01)


def test_dietrich_is_undefined_where_the_air_was_masked_out(metrics, rng):
    assert math.isnan(metrics.snr_dietrich(normal(rng, 100, 1), np.zeros(0, np.float32)))
    assert math.isnan(metrics.snr_dietrich(normal(rng, 100, 1), np.zeros(1000, np.float32)))


def test_cnr_divides_contrast_by_the_joint_spread(metrics, rng):
    dark, bright, air = normal(rng, 60, 3), normal(rng, 100, 4), normal(rng, 0, 12)
    assert metrics.cnr(dark, bright, air) == pytest.approx(40 / 13, rel=0.01)
    assert metrics.cnr(dark, bright, air[:0]) == pytest.approx(40 / 5, rel=0.01)


def test_cjv_is_zero_for_pure_tissues_and_grows_with_spread(metrics, rng):
    assert metrics.cjv(np.full(99, 60, np.float32), np.full(99, 100, np.float32)) == 0
    assert metrics.cjv(normal(rng, 60, 5), normal(rng, 100, 5)) == pytest.approx(0.25, rel=0.01)


def test_cjv_is_undefined_without_contrast(metrics):
    same = np.full(99, 60, np.float32)
    assert math.isnan(metrics.cjv(same, same))


def test_efc_is_one_for_an_even_image_and_nearly_zero_for_a_point(metrics):
    even = np.ones((20, 20, 20), np.float32)
    point = np.zeros((20, 20, 20), np.float32)
    point[10, 10, 10] = 1
    assert metrics.efc(even) == pytest.approx(1)
    assert metrics.efc(point) == pytest.approx(0, abs=1e-6)
    assert metrics.efc(even * 700) == pytest.approx(1)


def test_ghosts_raise_efc(metrics, code, head, rng):
    ghosted = code("artefacts.movement").ghosting(head, 0.9, rng)
    assert metrics.efc(ghosted) > metrics.efc(head) + 0.05


def test_fber_is_a_ratio_of_energies(metrics):
    head, air = np.full(99, 10, np.float32), np.full(99, 2, np.float32)
    assert metrics.fber(head, air) == pytest.approx(25)
    assert math.isnan(metrics.fber(head, air * 0))


@pytest.mark.parametrize("sigma", [1.0, 1.5, 2.5])
def test_fwhm_recovers_a_known_smoothness(metrics, rng, sigma):
    image = ndimage.gaussian_filter(rng.normal(size=(64, 64, 64)), sigma).astype(np.float32)
    expected = math.sqrt(8 * math.log(2)) * sigma * 0.9
    everywhere = np.ones(image.shape, bool)
    assert metrics.fwhm(image, everywhere, (0.9,) * 3) == pytest.approx(expected, rel=0.12)


def test_shading_measures_the_ramp_and_not_the_tissue(metrics, head):
    core = head >= 0.5
    x = np.linspace(-1, 1, 96, dtype=np.float32)[:, None, None]
    plain = metrics.shading(head, core, (2.0,) * 3)
    assert metrics.shading(head * (1 + 0.5 * x), core, (2.0,) * 3) > plain + 0.2


def test_qi1_counts_clusters_in_the_air_and_not_grain(metrics, rng):
    image = np.hypot(rng.normal(size=(50, 50, 50)), rng.normal(size=(50, 50, 50))).astype(
        np.float32
    )
    air = np.ones(image.shape, bool)
    assert metrics.qi1(image, air) == 0
    image[10:20, 10:20, 10:20] = 30
    assert metrics.qi1(image, air) == pytest.approx(1000 / 50**3, rel=0.2)


def test_every_metric_is_nan_for_nothing(metrics):
    nothing, empty = np.zeros(0, np.float32), np.zeros((8, 8, 8), np.float32)
    nowhere = np.zeros(empty.shape, bool)
    figures = [
        metrics.snr(nothing),
        metrics.snr_dietrich(nothing, nothing),
        metrics.cnr(nothing, nothing, nothing),
        metrics.cjv(nothing, nothing),
        metrics.efc(empty),
        metrics.fber(nothing, nothing),
        metrics.fwhm(empty, nowhere, (1.0,) * 3),
        metrics.shading(empty, nowhere, (1.0,) * 3),
        metrics.qi1(empty, nowhere),
    ]
    assert all(map(math.isnan, figures))
