"""In which form a verb prints: tables, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import typer
from rich.console import Console

from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.comparison.markdown import markdown
from pipeline.report.figures import plain
from pipeline.report.table import show, table


@dataclass(frozen=True)
class Form:
    """Tables unless one of these is asked for."""

    as_json: bool = False
    as_markdown: bool = False

    def print(self, document: Any, tables: Iterable[Lines], **more: object) -> None:
        """Print a dataclass as JSON, with `more` at its end, or its tables."""
        if self.as_json:
            typer.echo(to_json({**_open(document), **more}))
        elif self.as_markdown:
            typer.echo(markdown(tables))
        else:
            show_lines(tables)


def show_lines(tables: Iterable[Lines]) -> None:
    """Print each table under its title: ruled on a terminal, plain columns in a pipe."""
    console = Console()
    for lines in tables:
        show(table(lines.title, lines.header, lines.rows), console)
        console.print()


def to_json(document: object) -> str:
    """A dataclass, or anything made of them, as JSON; NaN becomes null."""
    return json.dumps(plain(_open(document)), indent=2, default=str)


def _open(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dict):
        return {key: _open(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_open(one) for one in value]
    return value
