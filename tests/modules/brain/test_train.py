from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.bundle.code import import_file
from pipeline.train.heads import OTHER, Head

BUNDLE = Path(__file__).parents[3] / "modules" / "brain"
TRAIN = import_file(BUNDLE, "train.py", "sha256:working")


@pytest.fixture(scope="module")
def ball() -> Head:
    """White matter inside grey inside CSF inside bone."""
    at = np.indices((120, 120, 120)) - 59.5
    radius = np.sqrt((at**2).sum(0))
    labels = np.select([radius < 30, radius < 40, radius < 44, radius < 52], [5, 3, 2, OTHER], 0)
    return Head("ball", torch.from_numpy(labels.astype(np.uint8)), np.array([59.5] * 3))


def test_the_same_seed_gives_the_same_head(ball: Head) -> None:
    first, again = (TRAIN.synthesise(ball, 64, 2.0, np.random.default_rng(4)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_the_truth_is_what_lies_inside_the_skull(ball: Head, seed: int) -> None:
    image, truth = TRAIN.synthesise(ball, 80, 2.0, np.random.default_rng(seed))
    assert image.shape == truth.shape == (1, 80, 80, 80)
    assert bool(image.isfinite().all())
    millilitres = float(truth.sum()) * 8 / 1000
    # A ball of 44 mm holds 357 ml; it is drawn up to 15 % larger or smaller along each axis.
    assert 357 * 0.85**3 * 0.9 < millilitres < 357 * 1.15**3 * 1.1
