from __future__ import annotations

import numpy as np
import pytest

from pipeline.train.heads import CORTEX, OTHER, WHITE
from pipeline.train.paint import LESION, lump, paint, plant, strip


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    """White matter in grey in CSF in bone, 64 voxels a side."""
    radius = np.sqrt(((np.indices((64,) * 3) - 31.5) ** 2).sum(0))
    table = [radius < 14, radius < 20, radius < 23, radius < 28]
    return np.select(table, [WHITE, CORTEX, 2, OTHER], 0).astype(np.uint8)


@pytest.mark.parametrize("seed", range(4))
def test_a_lesion_grows_in_grey_and_white_matter_only(labels: np.ndarray, seed: int) -> None:
    planted = plant(labels, np.random.default_rng(seed))
    changed = planted != labels
    assert changed.any()
    assert (planted[changed] >= LESION).all()
    assert set(np.unique(labels[changed])) <= {CORTEX, WHITE}


def test_voxels_of_two_millimetres_hold_smaller_lesions(labels: np.ndarray) -> None:
    fine, coarse = (
        (plant(labels, np.random.default_rng(1), side) >= LESION).sum() for side in (1.0, 2.0)
    )
    assert coarse < fine


@pytest.mark.parametrize("seed", range(4))
def test_a_stripped_head_keeps_its_grey_and_white_matter(labels: np.ndarray, seed: int) -> None:
    target = np.where(labels < OTHER, labels, 0)
    kept = strip(labels, target, np.random.default_rng(seed))
    inner = np.isin(labels, (CORTEX, WHITE))
    assert (kept[inner] == labels[inner]).all()
    assert (kept > 0).sum() < (labels > 0).sum()


def test_a_structure_has_one_intensity_and_its_spread(labels: np.ndarray) -> None:
    image = paint(labels, np.random.default_rng(3))
    assert image.min() >= 0
    white, grey = image[labels == WHITE], image[labels == CORTEX]
    assert abs(white.mean() - grey.mean()) > 0.02
    assert white.std() < 0.25


@pytest.mark.parametrize("seed", range(4))
def test_what_lies_outside_the_brain_falls_into_pieces(labels: np.ndarray, seed: int) -> None:
    even = np.where(labels > 0, np.float32(0.5), 0)
    lumpy = lump(even, labels, np.random.default_rng(seed))
    outside = labels == OTHER
    assert lumpy.min() >= 0
    assert len(np.unique(lumpy[outside])) > 1
    np.testing.assert_array_equal(lumpy[~outside], even[~outside])
