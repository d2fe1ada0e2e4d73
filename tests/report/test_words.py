from __future__ import annotations

import math

import pytest

from pipeline.report import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1363.7, "1\u2009364"),
        (61.25, "61.2"),
        (0.0, "0.0"),
        (0.0823, "0.082"),
        (0.2, "0.20"),
        (-3.2, "−3.2"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_figures(value: float, text: str) -> None:
    assert words.figure(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0.4 s"), (59.7, "1 min 0 s"), (185, "3 min 5 s"), (3725, "1 h 2 min"), (math.nan, "–")],
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_fractions_have_two_decimals_and_other_figures_their_own() -> None:
    assert words.measured(0.2, "GM intracranial fraction", "1") == "0.20"
    assert words.measured(61.25, "oedema volume", "mL") == "61.2"
    assert words.measured(3.0, "water fraction", "%") == "3.0"


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.58, 0.9, None), ("0.58", "0.90", "–")),
        ((0.18, 1.3, math.nan), ("0.18", "1.30", "–")),
        ((448.04, 1308.2), ("448", "1\u2009308")),
        ((448.04, 55.2), ("448.0", "55.2")),
        ((0.05, 0.028), ("0.050", "0.028")),
        ((0.0003, -0.00001), ("0.0003", "0.0000")),
        ((0.0, 0.0), ("0.00", "0.00")),
        ((-3.2, 1.0), ("−3.20", "1.00")),
    ],
)
def test_figures_of_a_kind_have_as_many_decimals_each(
    values: tuple[float | None, ...], texts: tuple[str, ...]
) -> None:
    assert words.alike(values) == texts


def test_positions_by_sign_and_by_side() -> None:
    assert words.position((-34.2, 12.0, 45.06)) == "−34.2, 12.0, 45.1"
    assert words.directions((-34.2, 12.0, -5.0)) == "R\u200934, P\u200912, I\u20095"
    assert words.directions((34.2, -12.0, 5.0)) == "L\u200934, A\u200912, S\u20095"


def test_shares_units_and_digests() -> None:
    assert (words.share(0.931), words.share(math.nan)) == ("0.93", "–")
    assert (words.unit("mL"), words.unit("1"), words.unit("mm")) == ("ml", "", "mm")
    assert words.short("sha256:" + "0123456789abcdef" * 4) == "0123456789ab"
