from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console
from rich.table import Table

from pipeline.errors import Code
from pipeline.report.sum_up import failed_row, row_of
from pipeline.report.table import cases_table, show, table
from pipeline.result import CaseResult
from pipeline.types import Role


def printed(made: Table, terminal: bool) -> str:
    paper = StringIO()
    show(made, Console(file=paper, force_terminal=terminal, width=80))
    return paper.getvalue()


def test_a_pipe_gets_one_line_per_study(finished: CaseResult, broken: CaseResult) -> None:
    rows = [row_of(finished), row_of(broken)]
    header, done, partly = printed(cases_table(rows), terminal=False).splitlines()
    assert header.split()[:3] == ["study", "status", "quality"]
    assert done.split()[:4] == ["tessera-4f1c", "done", "T1:warn", "T1c:pass"]
    assert "1363.7" in done
    assert "module_failed: The network gave no finite value" in partly


def test_a_role_that_stayed_undecided_is_printed(finished: CaseResult) -> None:
    case = replace(finished.case, undecided={Role.T2: "T2: series 3, 4 fit equally well."})
    _, line = printed(cases_table([row_of(replace(finished, case=case))]), False).splitlines()
    assert "partly" in line
    assert "undecided: T2: series 3, 4 fit equally well." in line


def test_a_terminal_gets_colour_and_rules(finished: CaseResult) -> None:
    made = printed(cases_table([row_of(finished)]), terminal=True)
    assert "\x1b[" in made
    assert "─" in made


def test_text_is_shown_and_never_obeyed() -> None:
    row = failed_row("[red]x[/red]", Code.DECODE, "bell \x07 and \x1b[31mred", "")
    made = printed(cases_table([row]), terminal=False)
    assert "[red]x[/red]" in made
    assert "\x1b" not in made
    assert "\x07" not in made


def test_any_table_has_a_title() -> None:
    assert printed(table("Pins", ["a"], [["b"]]), terminal=False).split() == ["Pins", "a", "b"]
