"""Tables for the terminal; plain columns where the output is a file or a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.report.row import Row, Status
from pipeline.report.sheet import number

STATUS_STYLES = {Status.DONE: "green", Status.PARTLY: "yellow", Status.FAILED: "bold red"}
# Wide enough that nothing is folded: a program reads what goes into a pipe.
PLAIN_WIDTH = 10_000


def table(title: str, header: Sequence[str], lines: Iterable[Sequence[str | Text]]) -> Table:
    """Make a table of text; square brackets and control characters are shown, never obeyed."""
    made = Table(title=_shown(title) if title else None, box=box.SIMPLE_HEAD)
    for heading in header:
        made.add_column(heading, overflow="fold")
    for line in lines:
        made.add_row(*(_shown(cell) for cell in line))
    return made


def cases_table(rows: Sequence[Row]) -> Table:
    """One line per study: status, quality, volumes in ml and what went wrong."""
    header = ("study", "status", "quality", "brain ml", "tumour ml", "lesions", "s", "why")
    return table("", header, (_case_line(row) for row in rows))


def show(made: Table, console: Console) -> None:
    """Print a table, without ruling or folding where no person looks on."""
    paper = console
    if not console.is_terminal:
        made.box, made.pad_edge = None, False
        paper = Console(file=console.file, width=PLAIN_WIDTH)
    # A title inside the table would be folded to the table's width.
    title, made.title = made.title, None
    if title:
        paper.print(title, style="bold")
    paper.print(made)


def _case_line(row: Row) -> tuple[str | Text, ...]:
    return (
        row.pseudonym,
        Text(row.status, STATUS_STYLES[row.status]),
        " ".join(f"{role}:{verdict}" for role, verdict in row.verdicts.items()),
        number(row.volumes_ml.brain, 1),
        number(row.volumes_ml.whole_tumour, 1),
        "" if row.lesions is None else str(row.lesions),
        number(row.seconds, 1),
        f"{row.code}: {row.message}" if row.code else "",
    )


def _shown(cell: str | Text) -> Text:
    if isinstance(cell, Text):
        return cell
    return Text("".join(sign if sign.isprintable() else "�" for sign in cell))
