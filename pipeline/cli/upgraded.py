"""Plan an upgrade, carry it out, print both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from pipeline.cli.printed import Form
from pipeline.cli.watching import Watching
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.regressions import regressions
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.upgrade.plan import UpgradePlan
from pipeline.evaluate.upgrade.upgrade import Upgrade, carry_out, prepare_upgrade
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Decision
from pipeline.promote.below import judged_below
from pipeline.promote.weigh import judged
from pipeline.report.comparison.lines.comparison import comparison_lines
from pipeline.report.comparison.lines.decision import decision_lines
from pipeline.report.comparison.lines.lines import Lines
from pipeline.report.comparison.page import write_comparison
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def run_upgrade(
    place: Workspace, candidate: Version, only: tuple[str, ...], form: Form, dry_run: bool
) -> Upgrade | UpgradePlan:
    """Print the plan; unless it is a dry run, carry it out and print what came of it."""
    plan = prepare_upgrade(place, candidate, only)
    if dry_run:
        form.print(plan, [plan_lines(plan)])
        return plan
    if not form.as_json:
        form.print(plan, [plan_lines(plan)])
    with Watching(quiet=form.as_json) as watch:
        done = carry_out(place, candidate, plan, watch)
    own = [judged(place, found) for found in done.comparisons]
    below = [judged_below(place, found) for found in done.impacts]
    form.print(done, _tables(done, own, below), decisions=own, decisions_below=below)
    return done


def write_pages(place: Workspace, candidate: Version, done: Upgrade, out: Path) -> None:
    """One page a cohort, with pictures, the policy's word and what moves further down."""
    out.mkdir(parents=True, exist_ok=True)
    for found in done.comparisons:
        before = ensure(place).version(candidate.module.name, found.reference.module.version)
        stages = set_stage(place, before), set_stage(place, candidate)
        drawn = regressions(found, read_cohort(place, found.candidate.cohort), *stages)
        page = out / f"{found.candidate.cohort}.html"
        write_comparison(page, found, drawn, judged(place, found), done.impacts)
        typer.echo(f"Page: {page}", err=True)


def plan_lines(plan: UpgradePlan) -> Lines:
    """What would run, and why."""
    rows = tuple(
        (
            f"{line.module.name}@{line.module.version}",
            line.action.value,
            line.reason,
            on(line.cohorts),
        )
        for line in plan.lines
    )
    notes = tuple(("", "left out", note, "") for note in plan.notes)
    header = ("module", "action", "why", "on")
    return Lines(f"Upgrade to {plan.candidate.name}@{plan.candidate.version}", header, rows + notes)


def below_lines(impact: Comparison, decision: Decision) -> Lines:
    """What the policy of a module below says, with its name in the title."""
    lines = decision_lines(decision)
    return replace(lines, title=f"{lines.title}, by the policy of {impact.candidate.module.name}")


def on(cohorts: tuple[str, ...]) -> str:
    """Names of cohorts, or a dash."""
    return ", ".join(cohorts) or "–"


def _tables(
    done: Upgrade, own: Sequence[Decision | None], below: Sequence[Decision | None]
) -> list[Lines]:
    tables: list[Lines] = []
    for found, decision in zip(done.comparisons, own, strict=True):
        tables += [*comparison_lines(found), *([decision_lines(decision)] if decision else [])]
    for impact, decision in zip(done.impacts, below, strict=True):
        tables += comparison_lines(impact)[:1]
        tables += [below_lines(impact, decision)] if decision else []
    counts = tuple(
        (name, str(done.counters.computed[name]), str(done.counters.cached[name]))
        for name in done.counters.computed
    )
    return [*tables, Lines("Predictions", ("module", "computed", "from the cache"), counts)]
