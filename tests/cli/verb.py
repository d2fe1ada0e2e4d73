"""A verb as a user types it, in this process."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from pipeline.cli.app import app
from pipeline.workspace import Workspace


def run(place: Workspace, *words: object) -> Result:
    return CliRunner().invoke(
        app, [*map(str, words), "--workspace", str(place.root)], standalone_mode=False
    )
