"""A line in log-odds: it orders lesions as before and says how often an expert agrees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
CONFIDENCE = import_file(BUNDLE, "confidence.py", "sha256:tumour-tests")
Line, calibrated = CONFIDENCE.Line, CONFIDENCE.calibrated

CHANCES = st.floats(0, 1)
VOLUMES = st.floats(0.01, 300)
LINES = st.builds(Line, st.floats(0.1, 3), st.floats(0, 2), st.floats(-4, 4))
PLAIN = Line(1.0, 0.0, 0.0)


@pytest.mark.parametrize("slope", [0.3, 1.0, 2.5])
def test_even_odds_stay_even_without_an_offset(slope: float) -> None:
    assert calibrated(0.5, 7.0, Line(slope, 0.0, 0.0)) == pytest.approx(0.5)


@pytest.mark.parametrize("chance", [0.01, 0.3, 0.5, 0.97])
def test_a_slope_of_one_and_nothing_else_changes_nothing(chance: float) -> None:
    assert calibrated(chance, 7.0, PLAIN) == pytest.approx(chance)


def test_a_flat_slope_makes_a_bold_network_modest() -> None:
    # Odds of 9 to 1; half of their logarithm are odds of 3 to 1.
    assert calibrated(0.9, 7.0, Line(0.5, 0.0, 0.0)) == pytest.approx(0.75)


def test_an_offset_multiplies_the_odds() -> None:
    # e to the power of log 3 is three: from 1 to 1 to 3 to 1.
    assert calibrated(0.5, 7.0, Line(1.0, 0.0, 1.0986123)) == pytest.approx(0.75)


def test_with_a_volume_slope_of_one_the_odds_grow_as_the_volume() -> None:
    assert calibrated(0.5, 3.0, Line(1.0, 1.0, 0.0)) == pytest.approx(0.75)
    assert calibrated(0.5, 1.0, Line(1.0, 1.0, 0.0)) == pytest.approx(0.5)


def test_a_lesion_without_volume_has_a_chance_all_the_same() -> None:
    assert 0 < calibrated(0.5, 0.0, Line(1.0, 1.0, 0.0)) < 0.5


@given(a=CHANCES, b=CHANCES, small=VOLUMES, large=VOLUMES, line=LINES)
def test_the_surer_and_the_larger_lesion_stays_the_surer_one(
    a: float, b: float, small: float, large: float, line: object
) -> None:
    low, high = sorted((a, b))
    little, much = sorted((small, large))
    assert calibrated(low, little, line) <= calibrated(high, much, line)


@given(chance=CHANCES, volume=VOLUMES, line=LINES)
def test_it_is_a_chance_and_never_a_certainty(chance: float, volume: float, line: object) -> None:
    found = calibrated(chance, volume, line)
    assert isinstance(found, float)
    assert 0 < found < 1
