"""`tessera validate`, `quantise`, `compare`, `upgrade` and `promote`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.option import (
    DebugOption,
    JsonOption,
    PageOption,
    RolesOption,
    WorkspaceOption,
)

VersionArgument = Annotated[
    str, typer.Argument(help="MODULE@VERSION, such as tumour@1.1.0.", show_default=False)
]
CohortOption = Annotated[
    str, typer.Option("--cohort", "-c", help="A name in configs/cohorts/.", show_default=False)
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        file_okay=False,
        help="With --cohort only: folder that gets comparison.html.",
    ),
]
# As of a run with a study that failed.
FAILED = 5
MarkdownOption = Annotated[bool, typer.Option("--md", help="Print Markdown, for a pull request.")]


def validate(
    module: VersionArgument,
    cohort: CohortOption,
    roles: RolesOption = "",
    out: PageOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Judge one version on a cohort with reference labels.

    Upstream modules come from the lock. The outcome is a run in MLflow, tied to the version: scores
    by case, means with 95 % intervals, digests. Goes on where it was interrupted. Exit status 5
    where a case failed.

    Examples: tessera validate tumour@1.1.0 --cohort tumour-real -o evaluation ·
    tessera validate tumour@1.1.0 --cohort tumour-real --roles T1c,FLAIR
    """
    from pipeline.cli.evaluated import show
    from pipeline.cli.watching import Watching
    from pipeline.evaluate.cohort.read import read_cohort
    from pipeline.evaluate.stage import set_stage
    from pipeline.evaluate.validate import validate as judge
    from pipeline.report.comparison.lines import evaluation_lines
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    version = ensure(place).version(*named(module))
    judged = read_cohort(place, cohort, roles)
    with Watching(quiet=as_json) as watch:
        done = judge(place, version, judged, watch)
    show(done, judged, evaluation_lines(done), lambda _: set_stage(place, version), out, as_json)
    return FAILED if any(case.failure for case in done.cases) else 0


def quantise(
    module: VersionArgument,
    cohort: CohortOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="The new bundle's folder.")],
    images: Annotated[int, typer.Option(min=1, help="Network inputs to take ranges from.")] = 32,
    workspace: WorkspaceOption = None,
    debug: DebugOption = False,
) -> int:
    """Make an int8 version of a module, to be validated and promoted like any other.

    OpenVINO computes its convolutions in eight bits, with ranges from a cohort's images. The bundle
    gets the next minor version. Needs the extra tessera-mri[int8].

    Example: tessera quantise tumour@1.0.0 --cohort tumour-real -o tumour-int8
    """
    from pipeline.cli.watching import Watching
    from pipeline.evaluate.cohort.read import read_cohort
    from pipeline.evaluate.quantise import quantise as make
    from pipeline.versions.bundles.trust import executable_parts
    from pipeline.versions.ensure import ensure
    from pipeline.workspace import find

    place = find(workspace)
    version = ensure(place).version(*named(module))
    with Watching(quiet=False) as watch:
        number = make(place, version, read_cohort(place, cohort), images, out, watch)
    name = version.module.name
    trust = " --trust" if executable_parts(out) else ""
    typer.echo(f"{name}@{number} is in {out}. Next: tessera register {out}{trust}")
    typer.echo(f"and: tessera upgrade {name}@{number}")
    return 0


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
    out: OutOption = None,
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


def named(spec: str) -> tuple[str, str]:
    """Split MODULE@VERSION; the champion where no version is given."""
    name, _, which = spec.partition("@")
    return name, which or "champion"
