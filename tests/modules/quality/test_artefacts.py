from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

NAMES = ["bias", "blur", "motion_ghosting", "spikes", "noise"]
SPACING = (2.0, 2.0, 2.0)


@pytest.fixture
def artefacts(code):
    return code("artefacts")


@pytest.fixture
def image(head):
    return torch.from_numpy(head)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_all_but_the_field_of_view_are_here_and_have_an_answer(artefacts, code):
    assert [*artefacts.ARTEFACTS] == NAMES
    assert {*NAMES, "field_of_view", "not_brain_mri"} == set(code("evidence").OUTPUTS)


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_alone_decides(artefacts, image, name):
    make, before = artefacts.ARTEFACTS[name], image.clone()
    first, again, other = (make(image, 0.7, rng(seed), SPACING) for seed in (3, 3, 4))
    assert first.dtype == torch.float32
    assert first.shape == image.shape
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(image, before)


@pytest.mark.parametrize("name", NAMES)
def test_more_severe_is_further_from_the_clean_image(artefacts, image, name):
    make = artefacts.ARTEFACTS[name]
    distances = [
        np.mean(
            [
                float((make(image, severity, rng(seed), SPACING) - image).abs().mean())
                for seed in range(6)
            ]
        )
        for severity in (0.1, 0.5, 1.0)
    ]
    assert distances == sorted(distances)
    assert distances[0] < 0.6 * distances[2]


def test_noise_has_the_deviation_it_claims(artefacts, image, head):
    inner = torch.from_numpy(ndimage.binary_erosion(head == 0.9, iterations=2))
    # Seeds of noise that is alike everywhere.
    found = [
        float(artefacts.noise(image, 0.4, rng(seed), SPACING)[inner].std()) for seed in range(9)
    ]
    assert np.median(found) == pytest.approx(0.1 * float(artefacts.level(image)), rel=0.05)


def test_noise_in_air_is_rayleigh(artefacts, image):
    sigma = 0.1 * float(artefacts.level(image))
    found = [
        float(artefacts.noise(image, 0.4, rng(seed), SPACING)[image == 0].mean())
        for seed in range(9)
    ]
    assert np.median(found) == pytest.approx(sigma * np.sqrt(np.pi / 2), rel=0.02)


def test_bias_has_the_spread_it_claims(artefacts, image):
    inside = image > 0.1
    gain = torch.log(artefacts.bias(image, 0.5, rng(), SPACING)[inside] / image[inside])
    assert float(gain.std()) == pytest.approx(0.3, rel=0.02)


def test_a_small_matrix_has_nothing_beyond_what_it_resolves(artefacts, image):
    found = artefacts.truncated(image, [1], 8.0, SPACING)
    spectrum = torch.fft.fft(found, dim=1).abs().mean((0, 2))
    beyond = torch.fft.fftfreq(96, 2.0).abs() > 0.5 / 8 + 0.02
    assert float(spectrum[beyond].max()) < 0.1 * float(spectrum[~beyond].mean())


def test_a_spike_is_one_bright_point_in_k_space(artefacts, image):
    found = [
        torch.fft.fftn(artefacts.spikes(image, 0.8, rng(seed), SPACING) - image).abs()
        for seed in range(6)
    ]
    assert all(float(change.max()) > 20 * float(change.median()) for change in found)


def test_some_spikes_touch_few_slices(artefacts, image):
    shares = []
    for seed in range(20):
        change = (artefacts.spikes(image, 0.8, rng(seed), SPACING) - image).abs()
        by_axis = [
            (change.amax(tuple(b for b in range(3) if b != a)) > 1e-3).float().mean()
            for a in range(3)
        ]
        shares.append(float(min(by_axis)))
    assert 4 <= sum(share < 0.3 for share in shares) <= 16
    assert min(shares) > 0


def test_slice_spikes_always_touch_few_slices(artefacts, image):
    for seed in range(8):
        change = (artefacts.slice_spikes(image, 0.8, rng(seed), SPACING) - image).abs()
        by_axis = [
            (change.amax(tuple(b for b in range(3) if b != a)) > 1e-3).float().mean()
            for a in range(3)
        ]
        assert 0 < float(min(by_axis)) < 0.3


def test_kinds_that_tables_tell_apart_belong_to_an_output(artefacts, code):
    assert {code("tables").JOINED[name] for name in artefacts.KINDS} <= set(artefacts.ARTEFACTS)


def test_an_empty_image_survives(artefacts):
    for make in artefacts.ARTEFACTS.values():
        assert torch.isfinite(make(torch.zeros(40, 40, 40), 0.9, rng(), SPACING)).all()
