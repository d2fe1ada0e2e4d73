"""`tessera validate` and `quantise`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.option import (
    CohortOption,
    DebugOption,
    JsonOption,
    PageOption,
    RolesOption,
    VersionArgument,
    WorkspaceOption,
    named,
)

# As of a run with a study that failed.
FAILED = 5


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
    from pipeline.report.comparison.lines.evaluation import evaluation_lines
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
