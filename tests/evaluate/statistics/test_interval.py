from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from pipeline.evaluate.statistics.interval import around, mean_interval
from pipeline.evaluation.scores import Interval


def test_an_interval_is_never_narrower_than_students() -> None:
    values = np.random.default_rng(0).normal(0.8, 0.05, 12)
    low, high = stats.t.interval(0.95, 11, values.mean(), stats.sem(values))
    found = mean_interval(values)
    assert found.value == pytest.approx(values.mean())
    assert found.low <= low + 1e-12
    assert found.high >= high - 1e-12
    assert found.n == 12


@pytest.mark.parametrize(("number", "skewed"), [(8, False), (12, True), (30, True)])
def test_it_holds_the_mean_about_as_often_as_it_says(number: int, skewed: bool) -> None:
    rng = np.random.default_rng(3)
    draw = rng.exponential if skewed else rng.normal
    found = [
        mean_interval(draw(1.0, 1.0, number) if not skewed else draw(1.0, number))
        for _ in range(800)
    ]
    held = np.mean([interval.low <= 1.0 <= interval.high for interval in found])
    assert 0.92 <= held <= 0.99


def test_an_interval_is_cut_where_the_figure_ends() -> None:
    found = mean_interval([1.0, 0.9, 1.0, 0.4, 1.0], 0.0, 1.0)
    assert found.high == 1.0
    assert 0.0 <= found.low < found.value


def test_undefined_values_are_left_out_and_counted_so() -> None:
    assert mean_interval([0.5, math.nan, 0.7]).n == 2
    one, none = mean_interval([0.5]), mean_interval([math.nan])
    assert (one.value, one.n, none.n) == (0.5, 1, 0)
    assert all(map(math.isnan, (one.low, one.high, none.value, none.low)))


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = mean_interval([0.5] * 6)
    assert found.low == found.value == found.high


def test_a_figure_lies_in_the_interval_of_what_cases_contribute_to_it() -> None:
    assert around(0.9, Interval(0.8, 0.7, 0.85, 9)) == Interval(0.9, 0.7, 0.9, 9)
    unknown = around(0.9, Interval(0.8, math.nan, math.nan, 1))
    assert (unknown.value, unknown.n) == (0.9, 1)
    assert math.isnan(unknown.low)
