"""`tessera init` and `tessera demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.option import DebugOption


def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", show_default=False)],
    debug: DebugOption = False,
) -> int:
    """Make a workspace of your own.

    Copies the shipped modules and configuration into a folder.

    Example: tessera init my-site
    """
    from pipeline.workspace import create

    place = create(folder)
    typer.echo(f"Workspace made in {place.root}. Try: tessera modules --workspace {folder}")
    return 0


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo lives.")] = Path("demo"),
    debug: DebugOption = False,
) -> int:
    """Run everything on a synthetic cohort.

    Writes DICOM studies with known truth, runs the pipeline on them and compares.

    Example: tessera demo
    """
    from rich.console import Console

    from pipeline.cli.progress import Progress
    from pipeline.demo.demo import run_demo, table_of
    from pipeline.report.table import show, table

    with Progress() as progress:
        done = run_demo(folder, progress, progress.say)
    header, *lines = table_of(done)
    show(table("", header, lines), Console())
    typer.echo(f"Report: {done.index}")
    return 0
