from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.comparison.chart import (
    EDGE,
    HEIGHT,
    WIDTH,
    Dot,
    agreement_chart,
    square_chart,
)

FIGURES = st.floats(-1e4, 1e4)


@given(st.lists(st.tuples(FIGURES, FIGURES), min_size=1, max_size=20))
def test_every_case_is_a_dot_inside_the_frame(pairs: list[tuple[float, float]]) -> None:
    dots = [Dot(x, y, f"case {n}") for n, (x, y) in enumerate(pairs)]
    drawn = ElementTree.fromstring(square_chart(dots, "1.0.0", "1.1.0"))
    circles = drawn.findall("circle")
    assert len(circles) == len(dots)
    for circle in circles:
        assert EDGE - 1 <= float(circle.attrib["cx"]) <= WIDTH
        assert 0 <= float(circle.attrib["cy"]) <= HEIGHT - EDGE + 1


def test_a_better_candidate_lies_above_the_diagonal() -> None:
    text = str(square_chart([Dot(0.5, 0.9, "better"), Dot(0.9, 0.5, "worse")], "a", "b"))
    better, worse = (float(y) for y in re.findall(r'cy="([\d.]+)"', text))
    assert better < worse, "screen rows grow downwards"


def test_names_are_escaped() -> None:
    assert "<script>" not in str(square_chart([Dot(0, 1, "<script>")], "<b>", "c"))


@pytest.mark.parametrize("limits", [(-5.0, 5.0), (math.nan, math.nan)])
def test_limits_that_are_undefined_are_not_drawn(limits: tuple[float, float]) -> None:
    text = str(agreement_chart([Dot(10, 1, "a"), Dot(12, -1, "b")], 0.0, limits))
    assert text.count('class="dashed"') == (2 if math.isfinite(limits[0]) else 0)
    assert text.count('class="solid"') == 1
