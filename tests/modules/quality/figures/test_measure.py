from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from ..conftest import as_volume


@pytest.mark.parametrize("orientation", ["SAL", "IAR", "PSR"])
def test_a_head_that_ends_in_the_neck_does_so_in_whatever_order_its_slices_lie(
    code, head, orientation
):
    measure = code("figures.measure").measure
    volume = as_volume((1000 * head).astype(np.float32))
    low = np.array(volume.array)
    low[:, :, : low.shape[2] // 3] = 0  # nothing below: the head is cut flat at the feet
    lying = volume.with_array(low)
    as_lps, otherwise = measure(lying), measure(lying.to_patient_orientation(orientation))
    assert as_lps["flat_feet"] > 0.3
    for name in ("flat_feet", "flat_elsewhere", "efc"):
        assert otherwise[name] == pytest.approx(as_lps[name], rel=1e-3), name


def test_noise_and_blur_move_the_metrics_the_way_they_should(code, head):
    measure, rng = code("figures.measure").measure, np.random.default_rng(1)
    artefacts = code("artefacts.scanner")
    clean = artefacts.noise(head, 0.1, rng)
    plain = measure(as_volume(clean))
    noisy = measure(as_volume(artefacts.noise(head, 0.8, rng)))
    blurred = measure(as_volume(artefacts.blur(clean, 1.0, rng)))
    assert noisy["snr"] < 0.5 * plain["snr"]
    assert noisy["snr_dietrich"] < 0.5 * plain["snr_dietrich"]
    assert noisy["cjv"] > plain["cjv"]
    assert blurred["fwhm"] > 1.3 * plain["fwhm"]


def test_how_wide_an_image_was_padded_says_nothing_of_it(code, head):
    measure = code("figures.measure").measure
    brain = np.where(head > 0.3, head, 0).astype(np.float32)
    ended = brain.copy()
    ended[:, :, :30] = 0
    for image in (brain, ended):
        alone, padded = (
            measure(as_volume(np.pad(1000 * image, around)))
            for around in (0, ((3, 40), (9, 0), (25, 8)))
        )
        for name, value in alone.items():
            assert padded[name] == pytest.approx(value, rel=1e-4, abs=1e-6, nan_ok=True), name


@pytest.mark.parametrize("sides", [(30, 30, 1), (1, 1, 20), (1, 1, 1), (30, 2, 30)])
def test_an_image_of_hardly_anything_is_measured_or_undefined(code, sides):
    image = np.zeros((40, 40, 40), np.float32)
    image[tuple(slice(5, 5 + side) for side in sides)] = 100
    found = code("figures.measure").measure(Volume(image, np.eye(4), "PATIENT"))
    assert set(code("figures.measure").QUANTITIES) <= set(found)
