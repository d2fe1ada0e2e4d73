from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..conftest import part

WEIGH = part("judge.weigh")


@given(st.floats(-1e6, 1e6), st.floats(-10, 10), st.floats(0.001, 10))
def test_no_evidence_counts_for_more_than_four_deviations(value, mean, deviation):
    assert -4 <= WEIGH.standardised(value, mean, deviation) <= 4


@given(st.floats(-700, 700))
def test_the_logistic_function_never_leaves_its_range(score):
    assert 0 <= WEIGH.logistic(score) <= 1
    assert WEIGH.logistic(score) + WEIGH.logistic(-score) == pytest.approx(1)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_undefined_counts_as_usual(value):
    assert WEIGH.standardised(value, 3.0, 1.0) == 0


def test_the_released_weights_know_every_evidence(code, bundle):
    import json

    document = json.loads((bundle / "configs" / "inference.json").read_text())
    usual = {n: document["parameters"][f"mean/{n}"] for n in code("judge.evidence").NAMES}
    judged = WEIGH.weigh(usual, document["parameters"])
    assert set(judged) == set(code("judge.outputs").OUTPUTS)
    assert all(0 < found.chance < 1 for found in judged.values())


def test_loud_k_space_makes_spikes_likelier_and_severer(code, bundle):
    import json

    parameters = json.loads((bundle / "configs" / "inference.json").read_text())["parameters"]
    usual = {n: parameters[f"mean/{n}"] for n in code("judge.evidence").NAMES}
    quiet, loud = (
        WEIGH.weigh({**usual, "spike": value}, parameters)["spikes"] for value in (0.6, 4)
    )
    assert loud.chance > quiet.chance + 0.3
    assert loud.severity > quiet.severity
    assert np.isfinite(loud.chance)
