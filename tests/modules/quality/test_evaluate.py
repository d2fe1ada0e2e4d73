from __future__ import annotations

import math

import numpy as np
import pytest


@pytest.fixture
def evaluate(code):
    return code("evaluate")


def test_auroc_counts_the_pairs_in_the_right_order(evaluate):
    assert evaluate.auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert evaluate.auroc([0.9, 0.2], [0.1, 0.5]) == 0.75
    assert evaluate.auroc([0.5], [0.5]) == 0.5
    assert math.isnan(evaluate.auroc([], [0.5]))


def test_calibration_error_is_the_gap_between_said_and_seen(evaluate):
    said = np.full(100, 0.85)
    seen = np.arange(100) < 60
    assert evaluate.calibration_error(said, seen) == pytest.approx(0.25)
    assert evaluate.calibration_error(np.array([0.0, 1.0]), np.array([False, True])) == 0
