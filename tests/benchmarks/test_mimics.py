"""Lesions that are no tumour: painted into the other hemisphere, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from benchmarks.mimics import FAR_MM, MIMICS, paint, patches

SHAPE = (110, 90, 70)
INDEX = np.indices(SHAPE)
BRAIN = (
    ((INDEX - np.reshape([55, 45, 35], (3, 1, 1, 1))) / [[[[50]]], [[[40]]], [[[30]]]]) ** 2
).sum(0) < 1
TUMOUR = np.linalg.norm(INDEX - np.reshape([80, 45, 35], (3, 1, 1, 1)), axis=0) < 10


@pytest.mark.parametrize("name", MIMICS)
def test_patches_lie_in_the_brain_far_from_the_tumour_on_the_other_side(name: str) -> None:
    found = patches(BRAIN, TUMOUR, MIMICS[name], np.random.default_rng(1)) > 0.5
    assert found.sum() > 100
    assert not found[~BRAIN].any()
    x, y, z = np.argwhere(found).T
    away = np.linalg.norm(np.stack([x - 80, y - 45, z - 35]), axis=0)
    assert away.min() > FAR_MM
    assert x.mean() < 55


def test_paint_multiplies_what_is_above_the_darkest_and_leaves_air_alone() -> None:
    array = np.where(BRAIN, 30.0, 0).astype(np.float32)
    array[BRAIN & (INDEX[0] < 30)] = 10.0
    where = (BRAIN & (INDEX[0] > 70)).astype(np.float32)
    painted = paint(Volume(array, np.eye(4), "PATIENT"), where, 1.5).array
    assert np.unique(painted[where > 0]).tolist() == [10 + 20 * 1.5]
    assert np.array_equal(painted[where == 0], array[where == 0])
