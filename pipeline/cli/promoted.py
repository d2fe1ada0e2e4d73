"""Ask the policy, promote, print what was decided and why."""

from __future__ import annotations

from dataclasses import replace

import typer

from pipeline.cli.printed import show_lines, to_json
from pipeline.config import CHAMPION
from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.read import cohort_names, module_of, read_cohort
from pipeline.promote.promote import promote, told
from pipeline.promote.request import Evidence, Override, Request, evidence_of
from pipeline.promote.weigh import weigh
from pipeline.report.comparison.lines import decision_lines
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def wanted(
    place: Workspace,
    candidate: Version,
    names: tuple[str, ...],
    alias: str,
    override: tuple[str, str],
) -> Request:
    """What is asked for, with the policy's decision on the evidence there is.

    An override goes through without evidence, but takes along what there is; so does a challenger.
    A cohort of the module that cannot be read is named here and in the ledger: it may be the one
    that would have refused.
    """
    by, reason = override
    if by and not reason:
        raise UsageError("--by names who overrides, but --override gives no reason.", "Give both.")
    request = Request(candidate, alias, override=Override(by, reason) if reason else None)
    champion = ensure(place).version(candidate.module.name)
    cohorts, left_out = _cohorts(place, candidate, names)
    request = replace(request, evidence=Evidence(left_out=left_out))
    try:
        found, decision = weigh(place, champion, candidate, cohorts)
    except UsageError:
        if request.override or alias != CHAMPION:
            return request
        raise
    evidence = replace(evidence_of(found, decision.policy), left_out=left_out)
    return Request(candidate, alias, decision, evidence, request.override)


def run_promotion(place: Workspace, request: Request, as_json: bool) -> int:
    """Promote and print; a refusal prints the criteria first."""
    if request.decision and not as_json:
        show_lines([decision_lines(request.decision)])
    entry = promote(place, request)
    typer.echo(to_json(entry) if as_json else told(entry))
    return 0


def _cohorts(
    place: Workspace, candidate: Version, names: tuple[str, ...]
) -> tuple[tuple[Cohort, ...], tuple[str, ...]]:
    """The cohorts to judge on, and names of those that cannot be read where none were named."""
    if names:
        return tuple(read_cohort(place, name) for name in names), ()
    cohorts, left_out = [], []
    for name in cohort_names(place):
        if module_of(place, name) not in ("", candidate.module.name):
            continue
        try:
            cohorts.append(read_cohort(place, name))
        except ConfigError as error:
            left_out.append(name)
            typer.echo(f"Left out: cohort {name}, which cannot be read: {error.message}", err=True)
    return tuple(cohorts), tuple(left_out)
