"""Arguments and options that several verbs share."""

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
VersionArgument = Annotated[
    str, typer.Argument(help="MODULE@VERSION, such as tumour@1.1.0.", show_default=False)
]
CohortOption = Annotated[
    str, typer.Option("--cohort", "-c", help="A name in configs/cohorts/.", show_default=False)
]
MarkdownOption = Annotated[bool, typer.Option("--md", help="Print Markdown, for a pull request.")]
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


def named(spec: str) -> tuple[str, str]:
    """Split MODULE@VERSION; the champion where no version is given."""
    name, _, which = spec.partition("@")
    return name, which or "champion"
