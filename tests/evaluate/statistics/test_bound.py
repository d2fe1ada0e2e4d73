from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from pipeline.evaluate.statistics.bound import (
    LARGE,
    bootstrap_t,
    critical,
    lower_bound,
    standard_error,
    upper_bound,
)

samples = st.sampled_from([2, 3, 8, 30]).flatmap(
    lambda n: arrays(float, n, elements=st.integers(-100, 100).map(lambda k: k / 100))
)


@settings(max_examples=50, deadline=None)
@given(samples)
def test_the_mean_lies_between_its_bounds(values: np.ndarray) -> None:
    assert lower_bound(values, 0.05) <= values.mean() <= upper_bound(values, 0.05)


@settings(max_examples=30, deadline=None)
@given(samples, st.floats(-3, 3), st.floats(0.1, 9))
def test_moving_and_stretching_the_values_moves_and_stretches_the_bound(
    values: np.ndarray, shift: float, scale: float
) -> None:
    expected = lower_bound(values, 0.05) * scale + shift
    assert lower_bound(values * scale + shift, 0.05) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(samples)
def test_more_certainty_steps_further_back(values: np.ndarray) -> None:
    assert lower_bound(values, 0.01) <= lower_bound(values, 0.05) + 1e-12


def test_the_same_values_give_the_same_bound_alone_and_in_a_crowd() -> None:
    crowd = np.random.default_rng(1).normal(size=(5, 12))
    together = lower_bound(crowd, 0.05)
    assert together == pytest.approx([float(lower_bound(row, 0.05)) for row in crowd], rel=1e-12)


def test_the_standard_error_is_scipys() -> None:
    values = np.random.default_rng(0).normal(size=(4, 9))
    assert standard_error(values) == pytest.approx(stats.sem(values, axis=-1))


def test_bootstrap_t_agrees_with_a_loop_over_fresh_resamples() -> None:
    values = np.random.default_rng(2).exponential(size=25)
    rng, found = np.random.default_rng(99), []
    for _ in range(5000):
        drawn = rng.choice(values, len(values))
        found.append((drawn.mean() - values.mean()) / (drawn.std(ddof=1) / 5))
    assert bootstrap_t(values, 0.9) == pytest.approx(np.quantile(found, 0.9), abs=0.1)


@pytest.mark.parametrize("number", [2, 8, 12, 50])
def test_the_critical_value_is_the_quantile_it_says(number: int) -> None:
    gains = 0.6 - np.random.default_rng(7).gamma(0.6, size=(100_000, number))
    t = stats.ttest_1samp(gains, 0.0, axis=-1).statistic
    assert np.mean(t > critical(number, 0.05)) == pytest.approx(0.05, abs=0.004)


def test_the_critical_value_falls_to_the_normal_one() -> None:
    values = [critical(n, 0.05) for n in (4, 8, 16, 32, LARGE, 2 * LARGE, 100 * LARGE)]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(stats.norm.ppf(0.95), abs=0.1)


def test_one_case_bounds_nothing_and_equal_cases_have_no_spread() -> None:
    assert lower_bound(np.array([0.3]), 0.05) == -math.inf
    assert upper_bound(np.array([0.3]), 0.05) == math.inf
    assert lower_bound(np.full(9, 0.1), 0.05) == pytest.approx(0.1)


def test_one_loss_among_ties_is_not_taken_for_noise() -> None:
    values = np.zeros(20)
    values[3] = -0.3
    assert lower_bound(values, 0.05) < 2 * values.mean()
