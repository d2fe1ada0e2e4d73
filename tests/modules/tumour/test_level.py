"""A receive coil's field, taken out of a contrast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
LEVEL = import_file(BUNDLE, "level.py", "sha256:tumour-tests")
SHAPE = (30, 34, 28)


@pytest.fixture(scope="module")
def brain() -> np.ndarray:
    """A ball of grey and white lumps in air, float32 (30, 34, 28)."""
    at = np.indices(SHAPE) - np.reshape([(n - 1) / 2 for n in SHAPE], (3, 1, 1, 1))
    x, y, z = at
    lumps = np.where(np.sin(x) + np.cos(y * 0.9) + np.sin(z * 1.1) > 0, 0.8, 0.5)
    noise = np.random.default_rng(0).normal(0, 0.02, SHAPE)
    return np.where((at**2).sum(0) < 12**2, lumps + noise, 0).astype(np.float32)


@settings(max_examples=20)
@given(factors=st.lists(st.floats(-0.6, 0.6), min_size=9, max_size=9))
def test_any_strong_field_is_taken_out_but_for_a_factor(
    brain: np.ndarray, factors: list[float]
) -> None:
    inside = brain > 0
    logarithm = LEVEL.evaluate(np.array(factors), LEVEL.QUADRATIC, SHAPE)
    strong = logarithm * (0.5 / max(float(logarithm[inside].std()), 1e-3))
    clean, spoilt = (LEVEL.level(brain * np.exp(field)) for field in (strong, -strong))
    ratio = spoilt[inside] / clean[inside]
    np.testing.assert_allclose(ratio, ratio.mean(), rtol=1e-3)


def test_a_weak_linear_field_is_taken_out_but_for_a_factor(brain: np.ndarray) -> None:
    drift = np.exp(np.linspace(-0.1, 0.1, SHAPE[1]))[:, None]
    inside = brain > 0
    ratio = LEVEL.level(brain * drift)[inside] / LEVEL.level(brain)[inside]
    np.testing.assert_allclose(ratio, ratio.mean(), rtol=1e-3)


def test_a_weak_quadratic_field_is_left_since_it_may_be_a_tumours(brain: np.ndarray) -> None:
    arch = np.exp(0.1 * np.linspace(-1, 1, SHAPE[0]) ** 2)[:, None, None]
    inside = brain > 0
    ratio = LEVEL.level(brain * arch)[inside] / LEVEL.level(brain)[inside]
    assert np.ptp(ratio) > 0.02


def test_an_even_image_stays_nearly_what_it_is(brain: np.ndarray) -> None:
    levelled = LEVEL.level(brain)
    assert not levelled[brain == 0].any()
    inside = brain > 0
    assert np.corrcoef(levelled[inside], brain[inside])[0, 1] > 0.98


def test_a_bright_tumour_stays_bright(brain: np.ndarray) -> None:
    tumour = brain.copy()
    tumour[8:14, 12:20, 10:18] *= 1.6
    levelled = LEVEL.level(tumour)
    there = tumour > 1.4 * brain
    ratio = levelled[there & (brain > 0.6)].mean() / levelled[~there & (brain > 0.6)].mean()
    assert ratio > 1.4


@pytest.mark.parametrize("side", [0, 3])
def test_where_there_is_next_to_nothing_nothing_is_done(side: int) -> None:
    few = np.zeros(SHAPE, np.float32)
    few[:side, :side, :side] = 1
    assert LEVEL.level(few) is few
