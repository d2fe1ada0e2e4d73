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
    """Make a workspace: the shipped modules and configuration in a folder of your own.

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
    """Write a synthetic DICOM cohort with known truth, run the pipeline on it, compare.

    Example: tessera demo
    """
    from pipeline.cli.progress import Progress
    from pipeline.demo.demo import run_demo

    with Progress() as progress:
        table, index = run_demo(folder, progress)
    typer.echo(table)
    typer.echo(f"Report: {index}")
    return 0
