"""`tessera history`, `verify` and `explain`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.module import ModuleArgument
from pipeline.cli.option import DebugOption, JsonOption, WorkspaceOption


def history(
    module: ModuleArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show who promoted which version of a module, and why.

    Every promotion, override, trial and rollback, oldest first, with its evidence.

    Example: tessera history tumour --json
    """
    from pipeline.audit.history import history as entries
    from pipeline.cli.audited import history_lines
    from pipeline.versions.ledger.line import document
    from pipeline.workspace import find

    found = entries(find(workspace), module)
    nothing = f"{module}: nothing was promoted yet; the version registered first is champion."
    text = "\n".join(history_lines(found)) or nothing
    _print([document(entry) for entry in found], text, as_json)
    return 0


def verify(
    mend: Annotated[
        bool,
        typer.Option(
            "--mend",
            help="First finish what broke off, take over missing entries, and give deleted aliases "
            "back to whom the ledger names.",
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Name what was changed outside of Tessera.

    Aliases, files, tags, the lock and the ledger, each against the others; exit 1 where anything
    differs. Changes nothing, but with --mend.

    Examples: tessera verify · tessera verify --mend
    """
    from dataclasses import asdict

    from pipeline.audit.mend import mend as repair
    from pipeline.audit.verify import verify as findings
    from pipeline.cli.audited import finding_lines, mended_lines
    from pipeline.versions.ledger.line import document
    from pipeline.workspace import find

    place = find(workspace)
    mended = repair(place) if mend else ()
    found = findings(place)
    text = "\n".join([*mended_lines(mended), *finding_lines(found)])
    report = {
        "mended": [document(entry) for entry in mended],
        "findings": [asdict(finding) for finding in found],
    }
    _print(report, text, as_json)
    return 1 if found else 0


def explain(
    file: Annotated[Path, typer.Argument(exists=True, help="A SEG or SR that Tessera wrote.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Say which module versions made a DICOM object.

    With their lock and the evidence they were promoted on, and whether all that still matches;
    exit 1 where it does not.

    Example: tessera explain results/study-1a2b/tumour.seg.dcm
    """
    from pipeline.audit.explain import explain as trace
    from pipeline.cli.audited import explanation_document, explanation_lines
    from pipeline.workspace import find

    found = trace(find(workspace), file)
    _print(explanation_document(found), "\n".join(explanation_lines(found)), as_json)
    return 0 if found.matches else 1


def _print(document: Any, text: str, as_json: bool) -> None:
    typer.echo(json.dumps(document, indent=2, default=str) if as_json else text)
