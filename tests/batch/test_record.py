from __future__ import annotations

import json
import math
from dataclasses import asdict

from pipeline.batch.record import row_from, row_record
from pipeline.errors import Code
from pipeline.report.row import Row, Status, Volumes
from pipeline.result import ModuleRef
from pipeline.types import Concept, Measurement, Role, Verdict

REF = ModuleRef("tissue", "1.0.0", 1, *(f"sha256:{digit * 64}" for digit in "abcd"))
ROW = Row(
    "study-1",
    Status.PARTLY,
    Code.QUALITY_GATE,
    "T1: ghosting",
    "Look.",
    {Role.T1: Verdict.FAIL},
    (Role.T1, Role.FLAIR),
    Volumes(csf=200.0),
    (Measurement("deep GM volume", 40.0, "mL", Concept("118565006", "SCT", "Volume")),),
    2,
    (REF,),
    12.5,
)


def test_a_row_survives_as_strict_json() -> None:
    text = json.dumps(row_record(ROW), allow_nan=False)
    again = row_from(json.loads(text))
    assert math.isnan(again.volumes_ml.gm)
    assert str(asdict(again)) == str(asdict(ROW))


def test_a_row_of_a_failed_study_survives() -> None:
    row = Row("study-2", Status.FAILED, Code.MISSING_SLICE, "1 slice is missing.", "Send it again.")
    again = row_from(json.loads(json.dumps(row_record(row))))
    assert (again.status, again.code, again.message) == (row.status, row.code, row.message)
    assert again.lesions is None
    assert math.isnan(again.seconds)
