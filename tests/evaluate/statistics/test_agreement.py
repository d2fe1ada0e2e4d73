from __future__ import annotations

import math
import statistics

import pytest

from pipeline.evaluate.statistics.agreement import bland_altman


def test_limits_are_two_standard_deviations_either_side_of_the_bias() -> None:
    differences = [1.0, -2.0, 0.5, 3.0]
    found = bland_altman("volume/whole", differences)
    assert found.bias == statistics.fmean(differences)
    assert found.high - found.low == pytest.approx(2 * 1.96 * statistics.stdev(differences))
    assert found.n == 4


def test_one_volume_has_a_bias_and_no_limits() -> None:
    assert bland_altman("volume/x", [2.0]).bias == 2.0
    assert math.isnan(bland_altman("volume/x", [2.0]).low)
    assert math.isnan(bland_altman("volume/x", []).bias)
