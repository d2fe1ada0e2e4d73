"""Painted brains: cut out of their heads, cropped tightly, and asked for only what can be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.train.heads import CORTEX, CSF, OTHER, VENTRICLE, WHITE, Head

BUNDLE = Path(__file__).parents[3] / "modules" / "tissue"
SYNTHETIC = import_file(BUNDLE, "synthetic.py", "sha256:tissue-tests")
OBJECTIVE = import_file(BUNDLE, "objective.py", "sha256:tissue-tests")
BOX = (56, 64, 60)


@pytest.fixture(scope="module")
def ball() -> Head:
    """A ventricle in white matter in grey in CSF in bone."""
    radius = np.sqrt(((np.indices((64,) * 3) - 31.5) ** 2).sum(0))
    rings = [radius < 4, radius < 12, radius < 17, radius < 20, radius < 25]
    labels = np.select(rings, [VENTRICLE, WHITE, CORTEX, CSF, OTHER], 0).astype(np.uint8)
    return Head("ball", torch.from_numpy(labels), np.array([31.5] * 3))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_cut_away_is_exactly_zero_and_not_asked_for(ball: Head, seed: int) -> None:
    image, codes = SYNTHETIC.synthesise(ball, BOX, np.random.default_rng(seed))
    away = image == 0
    assert 0.2 < float(away.float().mean()) < 1
    assert not codes[away].any()
    assert codes.any()


@pytest.mark.parametrize("seed", range(6))
def test_sides_are_multiples_of_sixteen(ball: Head, seed: int) -> None:
    image, codes = SYNTHETIC.synthesise(ball, BOX, np.random.default_rng(seed))
    assert image.shape == codes.shape
    assert image.shape[0] == 1
    assert all(side % 16 == 0 for side in image.shape[1:])
    assert image.dtype == torch.float32
    assert codes.dtype == torch.uint8
    assert image.isfinite().all()


def test_codes_are_the_objectives_and_a_planted_lesion_is_brain(ball: Head) -> None:
    seen = [
        set(SYNTHETIC.synthesise(ball, BOX, np.random.default_rng(seed))[1].unique().tolist())
        for seed in range(8)
    ]
    classes = {0, VENTRICLE, CSF, CORTEX, WHITE}
    assert set().union(*seen) == classes | {OBJECTIVE.BRAIN}
    assert any(OBJECTIVE.BRAIN not in codes for codes in seen), "not every brain has a lesion"


def test_the_same_generator_gives_the_same_brain(ball: Head) -> None:
    first, again = (SYNTHETIC.synthesise(ball, BOX, np.random.default_rng(3)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_the_crop_is_tight_but_for_a_few_voxels(seed: int) -> None:
    image = torch.zeros(60, 70, 80)
    image[20:45, 30:50, 40:50] = torch.rand(25, 20, 10) + 0.5
    codes = (image > 0).to(torch.uint8)
    found, kept = SYNTHETIC.tight(image, codes, np.random.default_rng(seed))
    assert kept.sum() == codes.sum(), "nothing that is not zero is lost"
    starts = (kept[0] > 0).nonzero().min(0).values.tolist()
    assert all(start <= 8 for start in starts)
    assert all(
        side <= length + 16 + 15 for side, length in zip(found.shape[1:], (25, 20, 10), strict=True)
    )


def test_a_crop_at_the_border_goes_no_further_than_the_image() -> None:
    image = torch.rand(20, 18, 33) + 0.5
    found, codes = SYNTHETIC.tight(image, image.new_ones(image.shape), np.random.default_rng(0))
    assert found.shape == (1, 32, 32, 48)
    assert codes[0, :20, :18, :33].all()
    assert codes.sum() == image.numel(), "what is padded is background"


def test_an_empty_image_stays_whole_and_zero() -> None:
    image = torch.zeros(20, 16, 18)
    found, codes = SYNTHETIC.tight(image, image.to(torch.uint8), np.random.default_rng(0))
    assert found.shape == codes.shape == (1, 32, 16, 32)
    assert not found.any()
