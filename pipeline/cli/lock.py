"""`tessera lock`: pin versions, or see whether the pins still hold."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pipeline.cli.option import DebugOption, WorkspaceOption


def lock(
    module: Annotated[
        str | None,
        typer.Argument(help="MODULE or MODULE@VERSION; default: all.", show_default=False),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 2 where anything differs.")
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="Let what is pinned run its own code, as register does.")
    ] = False,
    workspace: WorkspaceOption = None,
    debug: DebugOption = False,
) -> int:
    """Pin exact versions in configs/pipeline.lock.

    All of them: what lies in modules/ or is named in configs/pipeline.toml; other pins are dropped.
    Code that nobody has trusted needs --trust, but where there is no lock yet.

    Examples: tessera lock · tessera lock tumour@1.1.0 · tessera lock --check
    """
    from pipeline.versions.pin import pin
    from pipeline.workspace import find

    place = find(workspace)
    if check:
        return _check(place)
    pinned = pin(place, module, trust=trust)
    for line in (*map(_moved, pinned.changes), *map(_drifted, pinned.drifts)):
        typer.echo(line)
    if not pinned.changes and not pinned.drifts:
        typer.echo("Nothing changed.")
    return 0


def _check(place: Any) -> int:
    from pipeline.versions.check import check

    found = check(place)
    for problem in found:
        typer.echo(f"{problem.subject}: {problem.message}\n  {problem.remedy}", err=True)
    typer.echo("The lock differs." if found else "The lock holds.")
    return 2 if found else 0


def _moved(change: Any) -> str:
    before = change.before.version if change.before else "nothing"
    if change.after is None:
        why = "neither in modules/ nor named in configs/pipeline.toml"
        return f"{change.name}: {before} → nothing ({why})"
    return f"{change.name}: {before} → {change.after.version} ({change.after.digest[:19]}…)"


def _drifted(drift: Any) -> str:
    return f"{drift.name}: {drift.locked or 'absent'} → {drift.installed or 'absent'}"
