from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.statistics.level import level_bounds, level_cases_needed

UNIT = (0.0, 1.0)


@pytest.mark.parametrize("number", [30, 100, 300])
def test_at_the_ceiling_the_bound_is_the_rule_of_three(number: int) -> None:
    low, high = level_bounds(1.0, UNIT, number, 0.05)
    assert 1 - low == pytest.approx(3 / number, rel=0.06)
    assert high == 1.0


@given(st.floats(0, 1), st.integers(1, 500))
def test_the_value_lies_between_its_bounds_and_these_between_the_ends(
    value: float, number: int
) -> None:
    low, high = level_bounds(value, UNIT, number, 0.05)
    assert 0 <= low <= value + 1e-12
    assert value - 1e-12 <= high <= 1 + 1e-12


def test_where_a_figure_has_no_end_it_has_no_bound() -> None:
    assert level_bounds(3.0, (0.0, math.inf), 9, 0.05)[1] == math.inf


@pytest.mark.parametrize(("value", "limit"), [(1.0, 0.9), (0.8, 0.7), (0.0, 0.1)])
def test_as_many_cases_as_it_says_decide_and_one_fewer_do_not(value: float, limit: float) -> None:
    needed = level_cases_needed(value, limit, UNIT, 0.05, 2)
    assert needed is not None

    def decides(number: int) -> bool:
        low, high = level_bounds(value, UNIT, number, 0.05)
        return low >= limit if value > limit else high <= limit

    assert decides(needed)
    assert not decides(needed - 1)


@pytest.mark.parametrize(
    ("value", "limit", "ends"),
    [(0.7, 0.7, UNIT), (1.0, 0.99999, UNIT), (3.0, 5.0, (0.0, math.inf))],
)
def test_what_no_number_decides_is_none(
    value: float, limit: float, ends: tuple[float, float]
) -> None:
    assert level_cases_needed(value, limit, ends, 0.05, 2) is None
