from __future__ import annotations

import math

import pytest

from pipeline.evaluate.statistics.summary import directions, summarise
from tests.evaluate.evaluations import failing, scored
from tests.evaluate.statistics.test_cohort import judged


def test_means_carry_their_n_and_stay_within_what_they_can_be() -> None:
    cases = failing(scored({"dice/whole": [0.9, 1.0, math.nan, 0.2, 1.0]}), "case-04")
    found = summarise(cases)["dice/whole"]
    assert found.value == pytest.approx(0.7)
    assert found.n == 3
    assert 0.0 <= found.low < found.value < found.high <= 1.0


def test_raw_chances_become_figures_of_the_whole_cohort() -> None:
    summary = summarise(scored(judged()))
    assert not any(name.startswith(("chance/", "truth/")) for name in summary)
    found = summary["auroc"]
    assert 0.5 < found.low < found.value < found.high <= 1.0
    assert found.n == 40
    assert "calibration_error/noise" in summary


def test_only_what_has_a_better_way_has_a_direction() -> None:
    names = ("dice/whole", "hd95/whole", "volume/whole", "auroc", "calibration_error")
    assert directions(names) == {
        "dice/whole": "higher",
        "hd95/whole": "lower",
        "auroc": "higher",
        "calibration_error": "lower",
    }
