from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.evaluation.evened import evened
from pipeline.evaluation.scores import CaseScore
from pipeline.metrics import count_lesions, dice, hd95, nsd, volume_bias
from tests.metrics.masks import EMPTY, cube

DRAWN = cube((0, 0, 0), 2, EMPTY.shape)
OVERLAPS = ("dice/whole", "nsd/whole", "lesion_precision/whole", "lesion_f1/whole")


def case(prediction: np.ndarray, truth: np.ndarray) -> CaseScore:
    lesions = count_lesions(prediction, truth)
    figures = {
        "dice": dice(prediction, truth),
        "nsd": nsd(prediction, truth, (1, 1, 1), 1.0),
        "hd95": hd95(prediction, truth, (1, 1, 1)),
        "volume_bias": volume_bias(prediction, truth),
        "lesion_precision": lesions.precision,
        "lesion_f1": lesions.f1,
        "lesion_sensitivity": lesions.sensitivity,
    }
    return CaseScore("control", {f"{name}/whole": value for name, value in figures.items()})


def test_who_rightly_draws_nothing_is_perfect_beside_who_draws_something() -> None:
    clean, painted = evened(case(EMPTY, EMPTY), case(DRAWN, EMPTY))
    assert [clean.values[metric] for metric in OVERLAPS] == [1.0] * 4
    assert [painted.values[metric] for metric in OVERLAPS] == [0.0] * 4


def test_the_order_of_the_versions_does_not_matter() -> None:
    clean, painted = case(EMPTY, EMPTY), case(DRAWN, EMPTY)
    painted_first, clean_second = evened(painted, clean)
    for one, other in zip(evened(clean, painted), (clean_second, painted_first), strict=True):
        assert one.values == pytest.approx(other.values, nan_ok=True)


def test_what_both_leave_empty_stays_undefined() -> None:
    for left in evened(case(EMPTY, EMPTY), case(EMPTY, EMPTY)):
        assert all(math.isnan(value) for value in left.values.values())


def test_who_misses_what_is_there_is_given_nothing() -> None:
    missed, found = evened(case(EMPTY, DRAWN), case(DRAWN, DRAWN))
    assert missed.values["dice/whole"] == 0.0
    assert math.isnan(missed.values["hd95/whole"]), "no distance, and the truth is not empty"
    assert found.values["hd95/whole"] == 0.0


def test_a_figure_of_which_less_is_better_is_perfect_at_its_least() -> None:
    values = {"volume_bias/whole": math.nan, "volume_error/whole": math.nan}
    one = CaseScore("control", values)
    other = CaseScore("control", {**values, "volume_error/whole": 3.0})
    assert evened(one, other)[0].values["volume_error/whole"] == 0.0


def test_without_the_bias_nobody_knows_whether_the_truth_is_empty() -> None:
    one, other = CaseScore("a", {"dice/whole": math.nan}), CaseScore("a", {"dice/whole": 0.0})
    assert math.isnan(evened(one, other)[0].values["dice/whole"])
