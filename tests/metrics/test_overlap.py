from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from scipy.spatial.distance import dice as dissimilarity

from pipeline.metrics import dice
from tests.metrics.masks import masks, pads


@given(masks, masks)
def test_dice_is_one_minus_scipys_dissimilarity(a: np.ndarray, b: np.ndarray) -> None:
    if a.any() or b.any():
        assert dice(a, b) == pytest.approx(1 - dissimilarity(a.ravel(), b.ravel()))


@given(masks, masks, pads)
def test_dice_is_symmetric_and_ignores_padding(a: np.ndarray, b: np.ndarray, pad: tuple) -> None:
    plain = dice(a, b)
    assert dice(b, a) == pytest.approx(plain, nan_ok=True)
    assert dice(np.pad(a, pad), np.pad(b, pad)) == pytest.approx(plain, nan_ok=True)


def test_dice_of_two_empty_masks_is_undefined() -> None:
    assert math.isnan(dice(np.zeros(5, bool), np.zeros(5, bool)))


def test_dice_of_a_miss_is_zero() -> None:
    assert dice(np.zeros(5, bool), np.ones(5, bool)) == 0.0
