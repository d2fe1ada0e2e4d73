from __future__ import annotations

import numpy as np
import pytest

from benchmarks.agreement import furthest, labelled
from pipeline.types import Concept, Measurement, Prediction

VOLUME = Concept("118565006", "SCT", "Volume")


def test_labels_are_compared_voxel_by_voxel_and_label_by_label() -> None:
    expected = np.array([0, 0, 1, 1, 2, 2], np.uint8)
    share, overlaps = labelled(np.array([0, 0, 1, 1, 2, 0], np.uint8), expected)
    assert share == pytest.approx(5 / 6)
    assert overlaps == pytest.approx([1.0, 2 / 3])
    assert labelled(expected, expected) == (1.0, [1.0, 1.0])


def test_measurements_are_compared_by_name_and_segment() -> None:
    one = _measured(("volume", "core", 11.0), ("volume", "whole", 20.0))
    other = _measured(("volume", "core", 10.0), ("volume", "whole", 20.0), ("mean", "", 1.0))
    assert sorted(furthest(one, other)) == [
        (0.0, "whole volume 20 for 20"),
        (pytest.approx(0.1), "core volume 11 for 10"),
    ]


def _measured(*figures: tuple[str, str, float]) -> Prediction:
    return Prediction(
        measurements=tuple(
            Measurement(name, value, "ml", VOLUME, None, segment)
            for name, segment, value in figures
        )
    )
