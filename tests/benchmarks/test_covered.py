"""Shares of a tumour, and of the brain around it, that a mask covers."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.covered import inside


def test_a_mask_that_leaves_half_of_the_tumour_out_covers_the_rest() -> None:
    brain = np.zeros((10, 10, 10), bool)
    brain[1:9] = True
    tumour = np.zeros_like(brain)
    tumour[1:3] = True
    mask = brain.copy()
    mask[1] = False
    assert inside(mask, tumour, brain) == (pytest.approx(0.5), pytest.approx(1.0))
