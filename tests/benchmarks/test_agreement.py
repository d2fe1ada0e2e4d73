from __future__ import annotations

import numpy as np
import pytest

from benchmarks.agreement import furthest, labelled, paired, same_bits
from pipeline.result import ModuleRef, Result
from pipeline.types import Concept, Measurement, Prediction, Role

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


def test_what_failed_on_one_runtime_has_no_pair() -> None:
    base = [_result("quality", Role.T1, "a"), _result("quality", Role.T2, "b"), _result("brain")]
    found = [_result("quality", Role.T2, "b"), _result("brain", output="other")]
    assert [(a.role, b.role) for a, b in paired(found, base)] == [(Role.T2, Role.T2), (None, None)]
    assert same_bits(found, base) == 1


def _result(name: str, role: Role | None = None, output: str = "") -> Result:
    module = ModuleRef(name, "1.0.0", 1, *("sha256:" + "0" * 64 for _ in range(4)))
    return Result(module, role, Prediction(), "key", output, False, 0.0, "lock")


def _measured(*figures: tuple[str, str, float]) -> Prediction:
    return Prediction(
        measurements=tuple(
            Measurement(name, value, "ml", VOLUME, None, segment)
            for name, segment, value in figures
        )
    )
