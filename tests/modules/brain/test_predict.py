from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume

from pipeline.bundle.code import import_file
from pipeline.types import Inputs, Role

BUNDLE = Path(__file__).parents[3] / "modules" / "brain"
PREDICT = import_file(BUNDLE, "predict.py", "sha256:working")


def scores(*blocks: tuple[slice, ...]) -> np.ndarray:
    """Above zero in the blocks of a 24-voxel cube, below elsewhere."""
    array = np.full((24, 24, 24), -1, np.float32)
    for block in blocks:
        array[block] = 1
    return array[None]


def found(output: np.ndarray) -> np.ndarray:
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    volume = Volume(np.ones(output.shape[1:], np.float32), affine, coordinate_system="PATIENT")
    prediction = PREDICT.predict(output, Inputs({Role.T1: volume}, {Role.T1: volume}))
    (measured,) = prediction.measurements
    assert measured.value == pytest.approx(8 * prediction.labels.sum() / 1000)
    return prediction.labels


BRAIN = (slice(4, 14),) * 3


def test_the_largest_piece_is_the_brain() -> None:
    eye = (slice(18, 22),) * 3
    assert found(scores(BRAIN, eye)).sum() == 10**3


def test_a_thin_bridge_to_the_scalp_is_cut() -> None:
    bridge, scalp = (
        (slice(14, 19), slice(8, 10), slice(8, 10)),
        (slice(19, 24), slice(4, 14), slice(4, 14)),
    )
    labels = found(scores(BRAIN, bridge, scalp))
    assert not labels[scalp].any()
    assert labels[BRAIN].all()


def test_a_hole_belongs_to_the_brain() -> None:
    output = scores(BRAIN)
    output[0, 8:10, 8:10, 8:10] = -1
    assert found(output).sum() == 10**3


def test_nothing_found_is_no_brain() -> None:
    assert not found(scores()).any()
