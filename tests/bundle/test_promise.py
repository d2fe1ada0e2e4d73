"""What a module gives is held against its contract: one segment, a grid of 2 x 3 x 4."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs
from pipeline.bundle.promise import promised, require_numbers
from pipeline.errors import BundleError
from pipeline.run.codec import decode, encode
from pipeline.types import (
    Assessment,
    Concept,
    Finding,
    Measurement,
    Prediction,
    Role,
    Segment,
    Verdict,
)

CONCEPT = Concept("1", "99TESSERA", "thing")
NEEDS = Needs("case", (Role.T1,), (Role.T1,), "first", (1.0, 1.0, 1.0))
CONTRACT = Contract("spots", "", "", NEEDS, (Segment(1, "spot", CONCEPT, CONCEPT, (1, 2, 3)),), {})
SHAPE = (2, 3, 4)
MEASURED = Measurement("spots", 3.0, "1", CONCEPT)


def labels(value: int = 1, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    array = np.zeros(shape, np.uint8)
    array[0, 0, 0] = value
    return array


def test_a_prediction_that_keeps_its_promise_is_kept() -> None:
    given = Prediction(
        labels(),
        (MEASURED, replace(MEASURED, value=float("nan"))),
        (Finding(1, 0.2, 3.0, (1.0, 2.0, 3.0), 0.5),),
        (Assessment(Role.T1, Verdict.PASS, "fine"),),
    )
    assert repr(promised(given, CONTRACT, SHAPE)) == repr(given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "spots gave NoneType in place of a Prediction"),
        (labels(), "gave ndarray in place of a Prediction"),
        (Prediction(labels(7)), "label 7, which no segment describes"),
        (Prediction(labels(shape=(2, 3, 3))), r"\(2, 3, 3\), not uint8 \(2, 3, 4\)"),
        (Prediction(labels().astype(np.int64)), "label map of int64"),
        (Prediction(labels().astype(np.float32)), "label map of float32"),
        (Prediction(measurements=(replace(MEASURED, value=None),)), "measurement with a field"),
        (Prediction(measurements=(replace(MEASURED, value="many"),)), "measurement with a field"),
        (Prediction(measurements=(replace(MEASURED, name=3),)), "measurement with a field"),
        (Prediction(measurements=(("spots", 3),)), "measurement with a field"),
        (Prediction(findings=(Finding(1, 1.0, 1.0, (1.0, 2.0), 1.0),)), "finding with a field"),
        (Prediction(assessments=(Assessment("T9", "pass", ""),)), "assessment with a field"),
    ],
)
def test_one_that_does_not_is_refused(given: object, said: str) -> None:
    with pytest.raises(BundleError, match=said):
        promised(given, CONTRACT, SHAPE)


@pytest.mark.parametrize(
    "value", [np.int64(3), np.float32(3), np.uint8(3), 3, np.array(3.0), np.True_ * 3]
)
def test_figures_become_plain_numbers_that_can_be_kept(value: object) -> None:
    measured = replace(MEASURED, value=value, role="T1")
    place = tuple(np.float32(n) for n in range(3))
    found = Finding(np.int64(1), np.float32(1), np.float64(2), place, np.float32(0.5))
    kept = promised(Prediction(None, [measured], [found]), CONTRACT, SHAPE)
    assert decode(encode(kept)) == Prediction(
        None,
        (replace(MEASURED, role=Role.T1),),
        (Finding(1, 1.0, 2.0, (0.0, 1.0, 2.0), 0.5),),
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_single_value_that_is_no_number_is_found(value: float) -> None:
    output = np.ones((2, 3, 4, 5), np.float32)
    output[1, 2, 3, 4] = value
    with pytest.raises(BundleError, match="network of spots gave values that are no numbers"):
        require_numbers(output, CONTRACT)


def test_large_values_are_numbers_though_their_sum_overflows() -> None:
    require_numbers(np.full((2, 3, 4, 5), 3e38, np.float32), CONTRACT)
