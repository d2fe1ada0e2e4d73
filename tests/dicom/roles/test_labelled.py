"""The rules on labelled series; `python -m benchmarks.roles` prints which and why."""

from __future__ import annotations

from pathlib import Path

from benchmarks.roles import abstention, judge_all, precision
from pipeline.dicom.roles.exclusions import EXCLUSIONS
from pipeline.dicom.roles.timings import TIMINGS
from tests.dicom.roles.labelled import VENDORS, labelled

TABLE = Path(__file__).parents[3] / "docs" / "roles.md"


def test_no_role_is_wrong_and_few_are_missed() -> None:
    found = judge_all(labelled())
    assert not [one for one in found if one.wrong]
    assert precision(found) == 1.0
    assert abstention(found) < 0.1


def test_five_vendors_have_series_with_and_without_a_role() -> None:
    for vendor in VENDORS:
        roles = {one.role for one in labelled() if one.vendor == vendor}
        assert len(roles) == 5, vendor


def test_the_written_table_names_every_rule() -> None:
    text = TABLE.read_text(encoding="utf-8")
    for exclusion in EXCLUSIONS:
        assert f"| {exclusion.kind} |" in text
    for timing in TIMINGS:
        assert f"| {timing.name} |" in text
