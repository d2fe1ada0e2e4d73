"""`tessera modules`, `show` and `register`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.option import DebugOption, JsonOption, WorkspaceOption

ModuleArgument = Annotated[
    str, typer.Argument(help="A module's name, such as tumour.", show_default=False)
]


def modules(
    workspace: WorkspaceOption = None, as_json: JsonOption = False, debug: DebugOption = False
) -> int:
    """List modules, their versions and pins.

    What lies in modules/, what is registered in MLflow, what the lock pins.

    Example: tessera modules
    """
    from pipeline.versions.catalogue import modules as entries
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    ensure(place)
    found = entries(place)
    if as_json:
        return _print_json([_entry(entry) for entry in found])
    header = ("module", "folder", "registered", "pinned")
    _print_table(header, [tuple(_line(entry)) for entry in found])
    return 0


def show(
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show all that is recorded of a module.

    Its versions with aliases, digests, tags and scores.

    Example: tessera show tumour
    """
    from pipeline.versions.catalogue import show as card
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    ensure(place)
    found = card(place, module)
    if as_json:
        return _print_json({**_entry(found.entry), "scores": found.scores})
    contract = found.entry.folder.contract if found.entry.folder else None
    if contract:
        typer.echo(f"{contract.title}: {contract.summary}\n")
    for version in found.entry.versions:
        aliases = f" ({', '.join(version.aliases)})" if version.aliases else ""
        typer.echo(
            f"{module} {version.module.version}, "
            f"MLflow version {version.module.mlflow_version}{aliases}"
        )
        for name, value in sorted(version.tags.items()):
            typer.echo(f"  {name} = {value}")
        for name, score in sorted(found.scores.get(version.module.version, {}).items()):
            typer.echo(f"  {name} = {score:.4g}")
    return 0


def register(
    module: Annotated[
        str, typer.Argument(help="A module's name, or a bundle folder.", show_default=False)
    ],
    trust: Annotated[
        bool,
        typer.Option("--trust", help="Let this bundle run its own code; asked once per digest."),
    ] = False,
    workspace: WorkspaceOption = None,
    debug: DebugOption = False,
) -> int:
    """Register a module folder as a new version.

    It is opened once, as a run would; then MLflow keeps a copy of the whole folder. The lock stays
    as it is.

    Example: tessera register tumour --trust
    """
    from pipeline.versions.bundles.admit import admit
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    registry = ensure(place)
    folder = Path(module) if Path(module).is_dir() else place.modules / module
    version = admit(registry, folder, trust=trust)
    typer.echo(
        f"{version.module.name} {version.module.version} is MLflow version "
        f"{version.module.mlflow_version}; pin it with `tessera lock {version}`."
    )
    return 0


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "name": entry.name,
        "folder": entry.folder and {"version": entry.folder.version, "digest": entry.folder.digest},
        "edited": entry.is_edited,
        "pinned": entry.pinned and asdict(entry.pinned),
        "versions": [asdict(version) for version in entry.versions],
    }


def _line(entry: Any) -> list[str]:
    folder = (
        ""
        if entry.folder is None
        else entry.folder.version + (" (edited)" if entry.is_edited else "")
    )
    versions = [
        version.module.version + (f" ({', '.join(version.aliases)})" if version.aliases else "")
        for version in entry.versions
    ]
    return [entry.name, folder, ", ".join(versions), entry.pinned.version if entry.pinned else ""]


def _print_json(document: Any) -> int:
    typer.echo(json.dumps(document, indent=2, default=str))
    return 0


def _print_table(header: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    from rich.console import Console

    from pipeline.report.table import show as show_table
    from pipeline.report.table import table

    show_table(table("", header, lines), Console())
