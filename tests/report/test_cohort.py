from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.errors import REMEDIES, Code
from pipeline.report.cohort import troubles, write_index
from pipeline.report.row import Row
from pipeline.report.run import RunSummary
from pipeline.report.sum_up import failed_row, row_of
from pipeline.result import CaseResult

from .phantom import WHITE, module
from .test_study import Page

RUN = RunSummary(
    started=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    seconds=754.0,
    lock="sha256:" + "ab" * 32,
    pipeline="0.1.0",
    modules=tuple(module(name) for name in ("quality", "tissue", "tumour")),
    files=5231,
    left_out={Code.LOCALIZER: 9, Code.NOT_MR: 212},
)


@pytest.fixture(scope="module")
def rows(finished: CaseResult, broken: CaseResult) -> list[Row]:
    missing = [
        failed_row(f"tessera-{n}", Code.MISSING_SLICE, f"slice {n}", REMEDIES[Code.MISSING_SLICE])
        for n in (14, 15)
    ]
    return [replace(row_of(finished), others=(WHITE,)), row_of(broken), *missing]


@pytest.fixture(scope="module")
def source(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("out") / "index.html"
    write_index(path, rows, RUN)
    return path.read_text(encoding="utf-8")


def test_every_study_with_a_page_is_linked(source: str) -> None:
    links = [a["href"] for tag, a in Page(source).attributes if tag == "a"]
    assert links == [
        "tessera-4f1c/report.html",
        "tessera-77b0/report.html",
        "tessera-4f1c/report.html",  # once more, beside its further figures
    ]


def test_the_page_counts_and_groups(source: str) -> None:
    text = Page(source).text
    for said in (
        "4 studies",
        "done 1",
        "partly 1",
        "failed 2",
        "missing_slice 2 tessera-14, tessera-15",
        REMEDIES[Code.MISSING_SLICE],
        "Files found 5 231 221 left out",
        "not_mr 212",
        "pipeline 0.1.0",
        "04 March 2026, 09:30 UTC",
    ):
        assert said in text


def test_why_a_study_was_not_done_stands_below_its_status(source: str) -> None:
    text = Page(source).text
    assert "tessera-77b0 partly" in text
    assert "– – – – – – – – – missing_slice slice 14 tessera-15 failed" in text
    titles = [a["title"] for tag, a in Page(source).attributes if tag == "th" and "title" in a]
    assert titles == ["WM intracranial fraction"]


def test_brain_with_csf_is_named_so_and_explained(source: str) -> None:
    text = Page(source).text
    assert "Quality Brain with CSF CSF GM WM Tumour" in text
    assert "Study WM fraction tessera-4f1c 0.40" in text
    assert "as the tissue module finds them. Fractions are of brain with CSF." in text


def test_the_commonest_trouble_comes_first(rows: list[Row]) -> None:
    first, second = troubles(rows)
    assert (first.code, first.studies) == (Code.MISSING_SLICE, ("tessera-14", "tessera-15"))
    assert (second.code, second.studies) == (Code.MODULE_FAILED, ("tessera-77b0",))


def test_figures_sort_by_value_and_absent_ones_have_none(source: str) -> None:
    keys = [a["data-key"] for tag, a in Page(source).attributes if "data-key" in a]
    assert "1363.7" in keys
    assert "" in keys
    assert "nan" not in keys


def test_only_the_one_script_is_allowed_to_run(source: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", source, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    assert f"{policy}script-src 'sha256-{digest}'" in source
    assert Page(source).open == []


def test_a_pseudonym_cannot_leave_its_link(tmp_path: Path, rows: list[Row]) -> None:
    write_index(tmp_path / "index.html", [replace(rows[0], pseudonym='"><script>x')], RUN)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<script>") == 1
    assert 'href="%22%3E%3Cscript%3Ex/report.html"' in page


def test_an_empty_run_has_a_page(tmp_path: Path) -> None:
    write_index(tmp_path / "index.html", [], RUN)
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "0 studies" in page.text
    assert "What stopped studies" not in page.text


def test_an_interrupted_batch_says_how_many_studies_are_missing(
    tmp_path: Path, rows: list[Row]
) -> None:
    write_index(tmp_path / "index.html", rows[:3], replace(RUN, expected=12))
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "3 of 12 studies: the batch was interrupted." in page.text
    assert "Nothing is said here of the other 9." in page.text


@pytest.mark.parametrize("expected", [None, 4])
def test_a_batch_that_came_to_its_end_is_not_called_interrupted(
    tmp_path: Path, rows: list[Row], expected: int | None
) -> None:
    write_index(tmp_path / "index.html", rows, replace(RUN, expected=expected))
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert "cohort report 4 studies" in page.text
    assert "interrupted" not in page.text
