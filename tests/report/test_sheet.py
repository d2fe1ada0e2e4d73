from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Code
from pipeline.report.sheet import COLUMNS, guarded, write_csv
from pipeline.report.sum_up import failed_row, row_of
from pipeline.result import CaseResult
from pipeline.types import Concept, Measurement


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_come_back_and_absent_ones_are_empty(
    tmp_path: Path, finished: CaseResult, broken: CaseResult
) -> None:
    path = tmp_path / "cases.csv"
    write_csv(path, [row_of(finished), row_of(broken)])
    done, partly = read(path)
    assert tuple(done) == COLUMNS
    assert (done["study"], done["status"], done["code"]) == ("tessera-4f1c", "done", "")
    assert (done["whole_tumour_ml"], done["enhancing_ml"]) == ("61.250", "22.000")
    assert (done["quality_T1"], done["quality_T2"], done["lesions"]) == ("warn", "", "2")
    assert done["versions"] == "quality 1.0.0; tissue 1.0.0; tumour 1.0.0"
    assert (partly["status"], partly["code"]) == ("partly", "module_failed")
    assert (partly["brain_ml"], partly["lesions"]) == ("", "")


def test_an_empty_run_still_has_its_header(tmp_path: Path) -> None:
    write_csv(tmp_path / "cases.csv", [])
    assert (tmp_path / "cases.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_further_figures_get_columns_behind_the_others(
    tmp_path: Path, finished: CaseResult, broken: CaseResult
) -> None:
    age = Measurement("brain age", -2.5, "a", Concept("x", "99T", "Brain age"))
    write_csv(tmp_path / "c.csv", [replace(row_of(finished), others=(age,)), row_of(broken)])
    done, partly = read(tmp_path / "c.csv")
    assert tuple(done) == (*COLUMNS, "brain age (a)")
    assert (done["brain age (a)"], partly["brain age (a)"]) == ("-2.500000", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(tmp_path: Path, start: str) -> None:
    text = f'{start}HYPERLINK("x"),\n"y"'
    write_csv(tmp_path / "c.csv", [failed_row(text, Code.DECODE, text, text)])
    (row,) = read(tmp_path / "c.csv")
    assert row["study"] == row["message"] == row["remedy"] == f"'{text}"


def test_harmless_text_stays_as_it_is() -> None:
    assert guarded("a=b") == "a=b"
