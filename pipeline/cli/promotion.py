"""`tessera promote` and `rollback`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.cli.module import ModuleArgument
from pipeline.cli.option import (
    DebugOption,
    JsonOption,
    VersionArgument,
    WorkspaceOption,
    named,
)


def promote(
    module: VersionArgument,
    cohort: Annotated[
        list[str] | None,
        typer.Option("--cohort", "-c", help="Judged on these; default: all of the module."),
    ] = None,
    to: Annotated[str, typer.Option(help="champion, or challenger for shadow use.")] = "champion",
    override: Annotated[
        str, typer.Option("--override", help="Promote against the policy, for this reason.")
    ] = "",
    by: Annotated[str, typer.Option("--by", help="Who answers for an override.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make a version champion where the module's policy allows it.

    Decides by configs/policies/MODULE.toml on evaluations that are recorded already, and by the
    policies of the modules below on what `tessera upgrade` recorded of them; moves the alias, keeps
    the former champion as previous, and writes the ledger. The lock stays as it is. Exit status 3
    where a policy refuses, 4 where its own cannot decide.

    Examples: tessera promote tumour@1.1.0 · tessera promote tumour@1.1.0 --to challenger ·
    tessera promote tumour@1.1.0 --override "fixes a crash" --by "A. Physicist"
    """
    from pipeline.cli.promoted import run_promotion, wanted
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    candidate = ensure(place).version(*named(module))
    request = wanted(place, candidate, tuple(cohort or ()), to, (by, override))
    return run_promotion(place, request, as_json)


def rollback(
    module: ModuleArgument,
    reason: Annotated[
        str, typer.Option("--reason", "-r", help="One line for the ledger; no patient's data.")
    ],
    name: Annotated[
        str, typer.Option("--name", help="Who decides; default: the user of this computer.")
    ] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make the former champion of a module champion again.

    Recorded in configs/ledger.jsonl and in MLflow; the lock stays as it is. Once more, and it is
    the champion before that one.

    Example: tessera rollback tumour --reason "misses small lesions at site B"
    """
    from pipeline.promote.promote import told
    from pipeline.promote.rollback import rollback as restore
    from pipeline.versions.ledger.line import document
    from pipeline.workspace import find

    entry = restore(find(workspace), module, reason, name)
    typer.echo(json.dumps(document(entry), indent=2) if as_json else told(entry))
    return 0
