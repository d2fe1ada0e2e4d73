"""`tessera compare` and `upgrade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.option import (
    DebugOption,
    JsonOption,
    MarkdownOption,
    VersionArgument,
    WorkspaceOption,
    named,
)


def compare(
    module: Annotated[str, typer.Argument(help="A module's name.", show_default=False)],
    versions: Annotated[
        list[str], typer.Argument(help="Reference and candidate: version or alias.")
    ],
    cohort: Annotated[
        str, typer.Option("--cohort", "-c", help="A name in configs/cohorts/: with labels.")
    ] = "",
    on: Annotated[
        Path | None,
        typer.Option("--on", help="Without labels: a DICOM folder, or a run made with --shadow."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            file_okay=False,
            help="With --cohort only: folder that gets comparison.html.",
        ),
    ] = None,
    markdown: MarkdownOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Hold two versions of a module against each other.

    Paired by case: mean difference with 95 % interval, Wilcoxon's test, subgroups, wins and losses,
    agreement of volumes, the worst regressions with pictures, time and memory. Without labels
    (--on): how far the versions agree, and where they differ most.

    Examples: tessera compare tumour 1.0.0 1.1.0 --cohort tumour-real -o comparison ·
    tessera compare tumour champion 1.1.0 --on /data/incoming
    """
    from pipeline.cli.compared import labelled, unlabelled
    from pipeline.cli.printed import Form
    from pipeline.errors import UsageError
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    if len(versions) != 2 or bool(cohort) == (on is not None):
        raise UsageError(
            "compare takes two versions, and either --cohort or --on.",
            "Try: tessera compare tumour 1.0.0 1.1.0 --cohort tumour-real",
        )
    if out is not None and on is not None:
        raise UsageError(
            "--out needs --cohort: there is no page of studies without labels.",
            "Leave --out away; --md and --json print what there is.",
        )
    place = find(workspace)
    registry = ensure(place)
    before, after = (registry.version(module, which) for which in versions)
    form = Form(as_json, markdown)
    if cohort:
        return labelled(place, before, after, cohort, out, form)
    assert on is not None  # noqa: S101
    return unlabelled(place, before, after, on, form)


def upgrade(
    module: VersionArgument,
    cohort: Annotated[
        list[str] | None,
        typer.Option("--cohort", "-c", help="Only these cohorts; default: all that can be read."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan and run nothing.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", file_okay=False, help="Folder that gets COHORT.html for each cohort."
        ),
    ] = None,
    markdown: MarkdownOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Revalidate what one new version touches, and nothing else.

    Prints first what must run again and why. Runs the module on its cohorts, a dependent module
    only on the cases where its input really changed, and compares both with today's versions. The
    policies of both say what they would. Nothing is promoted.

    Example: tessera upgrade tissue@3.1.0 --dry-run
    """
    from pipeline.cli.printed import Form
    from pipeline.cli.upgraded import run_upgrade, write_pages
    from pipeline.evaluate.upgrade.upgrade import Upgrade
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    candidate = ensure(place).version(*named(module))
    done = run_upgrade(place, candidate, tuple(cohort or ()), Form(as_json, markdown), dry_run)
    if out is not None and isinstance(done, Upgrade):
        write_pages(place, candidate, done, out)
    return 0
