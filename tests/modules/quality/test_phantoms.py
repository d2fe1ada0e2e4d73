from __future__ import annotations

import numpy as np
import pytest
import torch

NUMBERS = np.array([0, 2, 3, 4, 507, 515])


@pytest.fixture
def phantoms(code):
    return code("phantoms")


@pytest.fixture
def codes():
    return torch.from_numpy(np.random.default_rng(0).integers(0, 6, (24, 24, 24), np.uint8))


def rng(seed=0):
    return np.random.default_rng(seed)


def test_shuffling_loses_nothing(phantoms):
    image = torch.arange(24**3, dtype=torch.float32).reshape(24, 24, 24)
    found = phantoms.shuffled(image, rng())
    assert not torch.equal(found, image)
    assert torch.equal(found.flatten().sort().values, image.flatten())


def test_bone_is_brightest_in_a_tomogram(phantoms):
    codes = torch.zeros(30, 30, 30, dtype=torch.uint8)
    codes[:, :, 10:20], codes[:, :, 20:] = 2, 5
    for seed in range(4):
        layers = [
            float(phantoms.computed_tomogram(codes, NUMBERS, rng(seed))[:, :, part].mean())
            for part in (slice(12, 18), slice(22, 28))
        ]
        assert layers[0] < layers[1]


def test_a_coloured_map_has_one_value_a_structure(phantoms, codes):
    found = phantoms.coloured(codes, NUMBERS, rng(1))
    assert len(found.unique()) <= 6
    assert not found[codes == 0].any()


def test_steepness_is_nothing_inside_and_all_at_the_border(phantoms, head):
    found = phantoms.steepness(torch.from_numpy(head), rng())
    assert float(found[48, 48, 48]) < 0.01
    assert float(found.max()) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(4))
def test_phantoms_are_images_of_the_shape_asked_for(phantoms, seed):
    for make in (phantoms.phantom, phantoms.pure_noise):
        found = make(torch.zeros(30, 20, 25), rng(seed))
        assert found.shape == (30, 20, 25)
        assert torch.isfinite(found).all()
        assert float(found.max()) > 0
