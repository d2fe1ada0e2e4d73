from __future__ import annotations

import pytest

from pipeline.promote.decide.wording import change, figure, some


@pytest.mark.parametrize(
    ("gain", "words"),
    [(0.0214, "0.021 better"), (-0.5, "0.500 worse"), (0.0, "no change"), (-2e-5, "2e-05 worse")],
)
def test_a_gain_is_said_in_words(gain: float, words: str) -> None:
    assert change(gain) == words


def test_figures_keep_digits_that_count() -> None:
    assert figure(0.80049) == "0.800"
    assert figure(0.000123) == "0.000123"


def test_long_lists_are_cut() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
