from __future__ import annotations

import numpy as np
import pytest


def test_energy_has_mean_0_and_deviation_1_over_the_head(placed, blobs):
    inside = np.zeros(blobs.shape, bool)
    inside[8:60] = True
    found = placed(blobs, inside)
    told = found.values[:, :, found.inside]
    assert told.mean(-1) == pytest.approx(0, abs=1e-9)
    assert told.std(-1) == pytest.approx(1)
    assert not found.values[:, :, ~found.inside].any()


def test_cells_are_means_of_eight_voxels(code):
    found = code("figures.energy").cells(np.arange(60, dtype=np.float32).reshape(5, 3, 4))
    assert found.shape == (2, 1, 2)
    assert found[0, 0, 0] == np.mean([0, 1, 4, 5, 12, 13, 16, 17])


def test_a_head_of_too_few_cells_has_no_energy(code, blobs):
    """A slab of one voxel has answers, but no cell lies in it as a whole."""
    inside = np.zeros(blobs.shape, bool)
    inside[:, :, 30] = True
    answers = code("figures.waves").Answers(np.ones((3, 6, *blobs.shape), np.float32), inside)
    assert code("figures.energy").energy(answers) is None
    inside[:, :, 30:32] = True
    assert code("figures.energy").energy(answers) is not None


def test_no_head_has_no_energy(placed, blobs):
    assert placed(blobs, np.zeros(blobs.shape, bool)) is None
