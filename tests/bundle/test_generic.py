from __future__ import annotations

import numpy as np
import pytest
from highdicom import Volume

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs
from pipeline.bundle.generic import interpret, label_map
from pipeline.errors import BundleError
from pipeline.types import Concept, Inputs, Role, Segment

CONCEPT = Concept("1", "99TESSERA", "thing")
SEGMENTS = tuple(Segment(n, name, CONCEPT, CONCEPT, (1, 2, 3)) for n, name in ((1, "a"), (2, "b")))
NEEDS = Needs("case", (Role.T1,), (Role.T1,), "first", (1.0, 1.0, 1.0))
CONTRACT = Contract("m", "m", "", NEEDS, SEGMENTS, {})


def test_one_channel_holds_labels() -> None:
    assert label_map(np.array([[[[0.0, 1.0, 2.0]]]]), 2).tolist() == [[[0, 1, 2]]]


@pytest.mark.parametrize("value", [-1.0, 3.0, 257.0])
def test_one_channel_of_something_else_is_refused(value: float) -> None:
    with pytest.raises(BundleError, match="other values than the labels 0 to 2"):
        label_map(np.full((1, 1, 1, 2), value), 2)


def test_one_more_channel_than_segments_holds_class_scores() -> None:
    scores = np.array([[[[5.0, 0.0, 0.0]]], [[[1.0, 9.0, 0.0]]], [[[0.0, 0.0, 3.0]]]])
    assert label_map(scores, 2).tolist() == [[[0, 1, 2]]]


def test_as_many_channels_as_segments_hold_probabilities_and_the_last_wins() -> None:
    probabilities = np.array([[[[0.9, 0.9, 0.1]]], [[[0.1, 0.8, 0.2]]]])
    assert label_map(probabilities, 2).tolist() == [[[1, 2, 0]]]


def test_volumes_are_in_millilitres() -> None:
    volume = Volume(
        np.ones((10, 10, 10), np.float32),
        np.diag([2.0, 2.0, 2.0, 1.0]),
        coordinate_system="PATIENT",
    )
    labels = np.zeros((1, 10, 10, 10))
    labels[0, :5] = 2
    prediction = interpret(CONTRACT, labels, Inputs({Role.T1: volume}, {}))
    assert {m.name: m.value for m in prediction.measurements} == {"a volume": 0.0, "b volume": 4.0}
