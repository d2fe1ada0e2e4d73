"""A line in log-odds: it orders lesions as before and says how often an expert agrees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bundle.code import import_file

BUNDLE = Path(__file__).parents[3] / "modules" / "tumour"
calibrated = import_file(BUNDLE, "confidence.py", "sha256:tumour-tests").calibrated

CHANCES = st.floats(0, 1)
SLOPES = st.floats(0.1, 3)
OFFSETS = st.floats(-4, 4)


@pytest.mark.parametrize("slope", [0.3, 1.0, 2.5])
def test_even_odds_stay_even_without_an_offset(slope: float) -> None:
    assert calibrated(0.5, slope, 0.0) == pytest.approx(0.5)


@pytest.mark.parametrize("chance", [0.01, 0.3, 0.5, 0.97])
def test_a_slope_of_one_and_no_offset_change_nothing(chance: float) -> None:
    assert calibrated(chance, 1.0, 0.0) == pytest.approx(chance)


def test_a_flat_slope_makes_a_bold_network_modest() -> None:
    # Odds of 9 to 1; half of their logarithm are odds of 3 to 1.
    assert calibrated(0.9, 0.5, 0.0) == pytest.approx(0.75)


def test_an_offset_multiplies_the_odds() -> None:
    # e to the power of log 3 is three: from 1 to 1 to 3 to 1.
    assert calibrated(0.5, 1.0, 1.0986123) == pytest.approx(0.75)


@given(a=CHANCES, b=CHANCES, slope=SLOPES, offset=OFFSETS)
def test_the_surer_lesion_stays_the_surer_one(
    a: float, b: float, slope: float, offset: float
) -> None:
    low, high = sorted((a, b))
    assert calibrated(low, slope, offset) <= calibrated(high, slope, offset)


@given(chance=CHANCES, slope=SLOPES, offset=OFFSETS)
def test_it_is_a_chance_and_never_a_certainty(chance: float, slope: float, offset: float) -> None:
    found = calibrated(chance, slope, offset)
    assert isinstance(found, float)
    assert 0 < found < 1


@given(chance=CHANCES, slope=SLOPES, offset=OFFSETS)
def test_lesion_and_no_lesion_share_one_whole(chance: float, slope: float, offset: float) -> None:
    other = calibrated(1 - chance, slope, -offset)
    assert calibrated(chance, slope, offset) + other == pytest.approx(1)
