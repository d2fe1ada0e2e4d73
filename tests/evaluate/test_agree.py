from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.bundle.contract import Contract
from pipeline.bundle.contract_needs import Needs
from pipeline.evaluate.agree import agree
from pipeline.result import ModuleRef, Result
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

VOLUME = Concept("118565006", "SCT", "Volume")
PART = Concept("85756007", "SCT", "Tissue")
CONTRACT = Contract(
    "tissue",
    "",
    "",
    Needs("case", (Role.T1,), (Role.T1,), "first", (1, 1, 1)),
    (Segment(1, "GM", PART, PART, (0, 0, 0)), Segment(2, "WM", PART, PART, (0, 0, 0))),
    {},
)


def result(prediction: Prediction, output: str = "sha256:a") -> Result:
    ref = ModuleRef("tissue", "1.0.0", 1, "", "", "", "")
    return Result(ref, None, prediction, "", output, False, 1.0)


def labels(*values: int) -> np.ndarray:
    return np.array(values, np.uint8).reshape(1, 1, -1)


def test_overlap_is_between_the_versions_not_with_a_truth() -> None:
    before = result(Prediction(labels(1, 1, 2, 0)))
    after = result(Prediction(labels(1, 2, 2, 0)), "sha256:b")
    found = agree("s", [before], [after], (CONTRACT, CONTRACT))
    assert found.values["dice/GM"] == pytest.approx(2 / 3)
    assert found.values["dice/WM"] == pytest.approx(2 / 3)
    assert found.values["dice/all segments"] == 1
    assert not found.identical


def numbered(contract: Contract, *names: str) -> Contract:
    segments = [Segment(n, name, PART, PART, (0, 0, 0)) for n, name in enumerate(names, 1)]
    return replace(contract, segments=tuple(segments))


def test_segments_are_paired_by_name_whatever_their_number() -> None:
    before, after = result(Prediction(labels(1, 1, 0))), result(Prediction(labels(2, 2, 1)))
    contracts = numbered(CONTRACT, "bright"), numbered(CONTRACT, "air", "bright")
    found = agree("s", [before], [after], contracts)
    assert found.values == {"dice/bright": 1, "dice/all segments": pytest.approx(4 / 5)}
    assert found.changes == ("only the candidate has air",)
    assert agree("s", [after], [before], contracts[::-1]).changes == ("only the reference has air",)


@pytest.mark.parametrize(
    ("spacing", "found"), [((1, 1, 1), labels(1, 1, 2, 0)), ((2, 1, 1), labels(1, 2, 0))]
)
def test_where_grids_differ_it_is_said_that_no_overlap_is_computed(
    spacing: tuple[float, float, float], found: np.ndarray
) -> None:
    other = replace(CONTRACT, needs=replace(CONTRACT.needs, spacing_mm=spacing))
    before, after = result(Prediction(labels(1, 2, 0))), result(Prediction(found), "sha256:b")
    agreed = agree("s", [before], [after], (CONTRACT, other))
    assert agreed.values == {}
    assert agreed.changes == ("grids differ, overlap not computed",)


def test_volumes_differ_by_candidate_minus_reference() -> None:
    before = result(Prediction(measurements=(Measurement("GM volume", 700.0, "mL", VOLUME),)))
    after = result(Prediction(measurements=(Measurement("GM volume", 690.0, "mL", VOLUME),)))
    assert agree("s", [before], [after], (CONTRACT, CONTRACT)).values["change_ml/GM volume"] == -10


def test_changed_verdicts_and_lesion_counts_are_said() -> None:
    lesion = Finding(1, 2.0, 10.0, (0, 0, 0), 0.9)
    before = Prediction(assessments=(Assessment(Role.T1, Verdict.PASS, ""),))
    after = Prediction(
        findings=(lesion,), assessments=(Assessment(Role.T1, Verdict.FAIL, "ghosts"),)
    )
    found = agree("s", [result(before)], [result(after)], (CONTRACT, CONTRACT))
    assert found.changes == ("T1: pass → fail", "lesions: 0 → 1")


def test_the_same_output_is_identical() -> None:
    one = result(Prediction(labels(1, 2)))
    assert agree("s", [one], [one], (CONTRACT, CONTRACT)).identical


def test_a_version_without_a_result_is_a_failure_not_a_gap() -> None:
    one = result(Prediction(labels(1, 2)))
    assert agree("s", [one], [], (CONTRACT, CONTRACT)).failure == "only the reference gave a result"
    assert agree("s", [], [one], (CONTRACT, CONTRACT)).failure == "only the candidate gave a result"
    assert agree("s", [], [], (CONTRACT, CONTRACT)).failure == "neither version gave a result"
