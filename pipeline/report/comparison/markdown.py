"""Tables as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report.comparison.lines.lines import Lines


def markdown(tables: Iterable[Lines]) -> str:
    """One heading and one table each; what could end a cell is escaped."""
    return "\n".join(_table(lines) for lines in tables)


def _table(lines: Lines) -> str:
    header = _row(lines.header)
    ruling = "|" + "---|" * len(lines.header)
    rows = [_row(row) for row in lines.rows]
    return "\n".join((f"### {lines.title}", "", header, ruling, *rows, ""))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
