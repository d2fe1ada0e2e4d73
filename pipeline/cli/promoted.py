"""Ask the policy, promote, print what was decided and why."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from pipeline.cli.printed import show_lines, to_json
from pipeline.config import CHAMPION
from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.read import cohort_names, read_cohort
from pipeline.promote.promote import promote, told
from pipeline.promote.request import Override, Request, evidence_of
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
    """
    by, reason = override
    if by and not reason:
        raise UsageError("--by names who overrides, but --override gives no reason.", "Give both.")
    request = Request(candidate, alias, override=Override(by, reason) if reason else None)
    champion = ensure(place).version(candidate.module.name)
    cohorts = tuple(_cohorts(place, candidate, names))
    try:
        found, decision = weigh(place, champion, candidate, cohorts)
    except UsageError:
        if request.override or alias != CHAMPION:
            return request
        raise
    evidence = evidence_of(found, decision.policy)
    return Request(candidate, alias, decision, evidence, request.override)


def run_promotion(place: Workspace, request: Request, as_json: bool) -> int:
    """Promote and print; a refusal prints the criteria first."""
    if request.decision and not as_json:
        show_lines([decision_lines(request.decision)])
    entry = promote(place, request)
    typer.echo(to_json(entry) if as_json else told(entry))
    return 0


def _cohorts(place: Workspace, candidate: Version, names: tuple[str, ...]) -> Iterator[Cohort]:
    for name in names or cohort_names(place):
        try:
            cohort = read_cohort(place, name)
        except ConfigError:
            if names:
                raise
            continue  # a cohort whose images are not here cannot be what it was judged on
        if cohort.module == candidate.module.name or names:
            yield cohort
