from __future__ import annotations

import numpy as np
import pytest
import torch

NUMBERS = np.array([0, 2, 3, 4, 507, 515])


@pytest.fixture
def codes():
    """Layers of air, white, grey, fluid, skin and bone, ten voxels each."""
    return torch.arange(6, dtype=torch.uint8).repeat_interleave(10)[:, None, None].repeat(1, 30, 30)


@pytest.mark.parametrize("seed", range(6))
def test_every_contrast_is_an_image_in_which_tissues_differ(code, codes, seed):
    image = code("paint").paint(codes, NUMBERS, np.random.default_rng(seed))
    assert image.shape == codes.shape
    assert image.dtype == torch.float32
    assert float(image.min()) >= 0
    white, grey = (float(image[10 * n + 3 : 10 * n + 7].mean()) for n in (1, 2))
    assert abs(white - grey) > 0.01
    assert float(image[:7].max()) < 0.01


def test_some_are_like_t1_and_some_like_t2(code, codes):
    signs = set()
    for seed in range(20):
        image = code("paint").paint(codes, NUMBERS, np.random.default_rng(seed))
        signs.add(float(image[13:17].mean()) > float(image[33:37].mean()))
    assert signs == {True, False}


def test_tabled_looks_every_label_up(code, codes):
    found = code("paint").tabled(codes, NUMBERS > 100)
    assert float(found[:40].max()) == 0
    assert float(found[40:].min()) == 1
