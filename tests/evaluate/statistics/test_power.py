from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.statistics.bound import lower_bound
from pipeline.evaluate.statistics.power import LIMIT, POWER, cases_needed


def pass_rate(gains: np.ndarray, margin: float) -> float:
    """Share of cohorts, one a row, that are shown to lose no more than the margin on average."""
    return float(np.mean(lower_bound(gains, 0.05) >= -margin))


@pytest.mark.parametrize(("distance", "spread"), [(0.02, 0.02), (0.02, 0.035), (0.01, 0.02)])
def test_as_many_cases_as_it_says_decide_about_as_often_as_it_says(
    distance: float, spread: float
) -> None:
    needed = cases_needed(distance, spread, 0.05, 2)
    assert needed
    rng = np.random.default_rng(0)
    rate = pass_rate(rng.normal(0.0, spread, (3000, needed)), distance)
    assert rate == pytest.approx(POWER, abs=0.08)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 1), st.floats(0.001, 1), st.sampled_from([2, 12, 100]))
def test_more_spread_never_needs_fewer_cases(distance: float, spread: float, least: int) -> None:
    little = cases_needed(distance, spread, 0.05, least)
    much = cases_needed(distance, 2 * spread, 0.05, least)
    assert least <= (little or LIMIT) <= (much or LIMIT)


def test_at_the_limit_itself_no_number_decides() -> None:
    assert cases_needed(0.0, 0.1, 0.05, 8) is None
    assert cases_needed(1e-6, 0.1, 0.05, 8) is None
    assert cases_needed(float("nan"), 0.1, 0.05, 8) is None
    assert cases_needed(0.1, 0.0, 0.05, 8) == 8


def test_a_worse_candidate_passes_less_often() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, (2000, 12))
    rates = [pass_rate(noise + shift, 0.02) for shift in (-0.02, -0.01, 0.0, 0.01)]
    assert rates == sorted(rates)
    assert rates[0] <= 0.05
    assert rates[-1] > 0.85
