"""Compare two versions and print what came of it."""

from __future__ import annotations

from pathlib import Path

import typer

from pipeline.cli.printed import Form
from pipeline.cli.watching import Watching
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.regressions import regressions
from pipeline.evaluate.shadow import compare_shadowed, holds_shadows
from pipeline.evaluate.side_by_side import compare_versions
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.unlabelled import compare_unlabelled
from pipeline.promote.weigh import judged
from pipeline.report.comparison.lines.comparison import comparison_lines
from pipeline.report.comparison.lines.decision import decision_lines
from pipeline.report.comparison.lines.unlabelled import unlabelled_lines
from pipeline.report.comparison.page import write_comparison
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def labelled(
    place: Workspace, before: Version, after: Version, name: str, out: Path | None, form: Form
) -> int:
    """On a cohort with labels; the policy's word is added where the module has one."""
    cohort = read_cohort(place, name)
    with Watching(quiet=form.as_json) as watch:
        found = compare_versions(place, before, after, cohort, watch)
    decision = judged(place, found)
    tables = comparison_lines(found)
    shown = (*tables, decision_lines(decision)) if decision else tables
    form.print(found, shown, decision=decision)
    if out is not None:
        stages = set_stage(place, before), set_stage(place, after)
        out.mkdir(parents=True, exist_ok=True)
        drawn = regressions(found, cohort, *stages)
        write_comparison(out / "comparison.html", found, drawn, decision)
        typer.echo(f"Page: {out / 'comparison.html'}", err=form.as_json)
    return 0


def unlabelled(place: Workspace, before: Version, after: Version, on: Path, form: Form) -> int:
    """On studies without labels: DICOM, or what a run with --shadow left."""
    with Watching(quiet=form.as_json) as watch:
        if holds_shadows(on):
            found = compare_shadowed(before, after, on)
        else:
            found = compare_unlabelled(place, before, after, [on], watch)
    form.print(found, unlabelled_lines(found))
    return 0
