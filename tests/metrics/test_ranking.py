from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from pipeline.metrics import auprc, auroc, brier, calibration_error


@st.composite
def judged(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Chances in steps of a tenth, so that many tie, and truths of both kinds."""
    pairs = draw(st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=2, max_size=40))
    truth = np.array([so for _, so in pairs])
    truth[:2] = (True, False)
    return np.array([step / 10 for step, _ in pairs]), truth


@given(judged())
def test_the_figures_are_scikit_learns(pair: tuple[np.ndarray, np.ndarray]) -> None:
    chances, truth = pair
    assert auroc(chances, truth) == pytest.approx(roc_auc_score(truth, chances))
    assert auprc(chances, truth) == pytest.approx(average_precision_score(truth, chances))
    assert brier(chances, truth) == pytest.approx(brier_score_loss(truth, chances))


@given(judged())
def test_turning_the_chances_round_turns_the_ranking_round(pair: tuple) -> None:
    chances, truth = pair
    assert auroc(1 - chances, truth) == pytest.approx(1 - auroc(chances, truth))
    assert auroc(chances**3, truth) == pytest.approx(auroc(chances, truth))


def by_loop(chances: np.ndarray, truth: np.ndarray, bins: int) -> float:
    """Expected calibration error, bin by bin as Guo et al. write it, with torch."""
    p, y = torch.tensor(chances), torch.tensor(truth, dtype=torch.float64)
    total = 0.0
    for low in range(bins):
        last = low == bins - 1
        inside = (p * bins >= low) & ((p * bins < low + 1) | last)
        if inside.any():
            total += float(inside.double().mean() * (p[inside].mean() - y[inside].mean()).abs())
    return total


@given(judged(), st.sampled_from([1, 4, 10]))
def test_the_calibration_error_is_guos(pair: tuple, bins: int) -> None:
    chances, truth = pair
    assert calibration_error(chances, truth, bins) == pytest.approx(by_loop(chances, truth, bins))


def test_chances_that_keep_their_word_have_no_calibration_error() -> None:
    truth = np.array([True] * 3 + [False] * 7)
    assert calibration_error(np.full(10, 0.3), truth) == pytest.approx(0.0)
    assert calibration_error(np.full(10, 0.8), truth) == pytest.approx(0.5)


def test_what_cannot_be_ranked_is_undefined() -> None:
    chances, none = np.array([0.2, 0.8]), np.array([], float)
    assert math.isnan(auroc(chances, np.array([True, True])))
    assert math.isnan(auprc(chances, np.array([False, False])))
    assert math.isnan(brier(none, none.astype(bool)))
    assert math.isnan(calibration_error(none, none.astype(bool)))


@pytest.mark.parametrize("chance", [-0.1, 1.1, math.nan])
def test_what_is_no_chance_is_refused(chance: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        auroc(np.array([0.5, chance]), np.array([True, False]))
    with pytest.raises(ValueError, match="shape"):
        brier(np.array([0.5]), np.array([True, False]))
