from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.statistics.holm import holm


def rejected(p_values: list[float], alpha: float) -> set[int]:
    """Holm's procedure as he states it: step down until one is not small enough."""
    left = sorted(range(len(p_values)), key=lambda i: p_values[i])
    out: set[int] = set()
    while left and p_values[left[0]] <= alpha / len(left):
        out.add(left.pop(0))
    return out


@given(
    st.lists(st.integers(0, 1000).map(lambda k: k / 1000), max_size=12),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_an_adjusted_p_is_small_where_holm_rejects(p_values: list[float], alpha: float) -> None:
    adjusted = holm(p_values)
    assert {i for i, p in enumerate(adjusted) if p <= alpha + 1e-12} == rejected(p_values, alpha)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))


def test_what_was_not_tested_does_not_count() -> None:
    assert holm([0.01, math.nan, 0.04])[::2] == pytest.approx([0.02, 0.04])
    assert math.isnan(holm([math.nan])[0])
