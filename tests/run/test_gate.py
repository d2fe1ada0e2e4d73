from __future__ import annotations

import pytest

from pipeline.config import Gate, Settings
from pipeline.result import ModuleRef, Result
from pipeline.run.gate import passed, stopped_because
from pipeline.types import Assessment, Prediction, Role, Verdict

REF = ModuleRef("quality", "1.0.0", 1, *(f"sha256:{digit * 64}" for digit in "abcd"))


def said(role: Role, verdict: Verdict) -> Result:
    prediction = Prediction(assessments=(Assessment(role, verdict, f"{verdict} because"),))
    return Result(REF, role, prediction, "key", "output", False, 0.1)


@pytest.mark.parametrize(
    ("verdict", "settings", "goes_on"),
    [
        (Verdict.PASS, Settings(), True),
        (Verdict.WARN, Settings(), True),
        (Verdict.ABSTAIN, Settings(), True),
        (Verdict.FAIL, Settings(), False),
        (Verdict.FAIL, Settings(gate=Gate(fail="warn")), True),
        (Verdict.ABSTAIN, Settings(gate=Gate(abstain="exclude")), False),
        (Verdict.FAIL, Settings(gate=Gate(module="")), True),
    ],
)
def test_verdict_and_settings_decide(verdict: Verdict, settings: Settings, goes_on: bool) -> None:
    kept = passed([Role.T1], [said(Role.T1, verdict)], settings)
    assert kept == ((Role.T1,) if goes_on else ())


def test_one_bad_series_leaves_the_others(tmp_path) -> None:
    outcomes = [said(Role.T1, Verdict.FAIL), said(Role.FLAIR, Verdict.PASS)]
    assert passed([Role.T1, Role.FLAIR], outcomes, Settings()) == (Role.FLAIR,)
    assert stopped_because(outcomes, Settings()) == "T1: fail because"


def test_a_series_nobody_assessed_goes_on() -> None:
    assert passed([Role.T2], [], Settings()) == (Role.T2,)
