"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", help="Folder with configs/ and modules/; default: around here."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
RolesOption = Annotated[
    str, typer.Option("--roles", help="Only these contrasts of every case, such as T1c,FLAIR.")
]
PageOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        file_okay=False,
        help="Folder that gets evaluation.html: tables, worst, best case.",
    ),
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
DicomArgument = Annotated[
    list[Path],
    typer.Argument(
        exists=True, help="Folders or files; every file below is looked at.", show_default=False
    ),
]
