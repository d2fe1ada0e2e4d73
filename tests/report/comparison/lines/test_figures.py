from __future__ import annotations

import math

import pytest

from pipeline.report.comparison.lines.figures import figure, probability, signed
from pipeline.report.words import MINUS


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.123"), (12.34, "12.3"), (-0.5, f"{MINUS}0.500"), (math.nan, "–")],
)
def test_figures_read_alike_everywhere(value: float, text: str) -> None:
    assert figure(value) == text


def test_gains_carry_a_plus() -> None:
    assert signed(0.02) == "+0.020"
    assert signed(-0.02) == f"{MINUS}0.020"
    assert probability(0.0004) == "<0.001"
