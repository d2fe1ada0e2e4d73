"""`tessera init`, `demo` and `ui`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.option import DebugOption, WorkspaceOption


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


def ui(
    port: Annotated[int, typer.Option(help="On this machine only (127.0.0.1).")] = 5000,
    workspace: WorkspaceOption = None,
    debug: DebugOption = False,
) -> int:
    """Open MLflow's pages on the workspace's registry.

    Runs with their metrics and charts, versions with aliases and tags. Ctrl-C ends it.

    Example: tessera ui --port 5001
    """
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    store = ensure(find(workspace)).store
    if store.artifacts is None:
        typer.echo(f"The registry is on a server already: {store.page}")
        return 0
    typer.echo(f"http://127.0.0.1:{port}")
    place = ["--backend-store-uri", store.uri, "--host", "127.0.0.1", "--port", str(port)]
    # Pages alone: no workers for jobs that Tessera never gives.
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    command = [sys.executable, "-m", "mlflow", "ui", "--workers", "1", *place]
    return subprocess.run(command, check=False, env=environment).returncode  # noqa: S603
