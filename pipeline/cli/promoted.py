"""Ask the policy, promote, print what was decided and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import typer

from pipeline.cli.printed import show_lines, to_json
from pipeline.config import CHAMPION
from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.read import cohort_names, module_of, read_cohort
from pipeline.promote.below import below, with_those_below
from pipeline.promote.promote import promote, told
from pipeline.promote.request import Evidence, Override, Request, evidence_of
from pipeline.promote.weigh import weigh
from pipeline.report.comparison.lines.decision import decision_lines
from pipeline.versions.ensure import ensure
from pipeline.versions.ledger.line import document
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


def wanted(
    place: Workspace,
    candidate: Version,
    names: tuple[str, ...],
    alias: str,
    override: tuple[str, str],
) -> Request:
    """What is asked for, with the policies' decision on the evidence there is.

    An override goes through without evidence, but takes along what there is; so does a challenger.
    What nobody looked at is named here and in the ledger, a cohort of the module or a module below
    it: it may be the one that would have refused.

    Raises
    ------
    LockError
        The candidate's files are not those that were registered, whoever overrides.
    """
    by, reason = override
    if by and not reason:
        raise UsageError("--by names who overrides, but --override gives no reason.", "Give both.")
    registry = ensure(place)
    registry.fetch(candidate)
    cohorts, unread, aside = _cohorts(place, candidate, names)
    chosen = Override(by, reason) if reason else None
    bare = Request(candidate, alias, None, Evidence(left_out=unread, not_judged=aside), chosen)
    name, will_do = candidate.module.name, bool(chosen) or alias != CHAMPION
    if will_do and CHAMPION not in registry.aliases(name):
        return bare  # an override may be what gives the module a champion again
    try:
        return _on_evidence(place, registry.version(name), bare, cohorts)
    except UsageError:
        if will_do:
            return bare
        raise


def _on_evidence(
    place: Workspace, champion: Version, bare: Request, cohorts: Sequence[Cohort]
) -> Request:
    found, own = weigh(place, champion, bare.version, cohorts)
    further = below(place, champion, bare.version)
    for name in further.unseen:
        typer.echo(
            f"Not judged: {name}, which was not run with it; `tessera upgrade {bare.version}` does",
            err=True,
        )
    decision = with_those_below(place, own, further.comparisons)
    evidence = replace(
        evidence_of((*found, *further.comparisons), decision.policy),
        left_out=bare.evidence.left_out,
        not_judged=(*bare.evidence.not_judged, *further.unseen),
    )
    return replace(bare, decision=decision, evidence=evidence)


def run_promotion(place: Workspace, request: Request, as_json: bool) -> int:
    """Promote and print: first what the policies said, which a refusal rests on, then the entry."""
    if as_json:
        return _as_json(place, request)
    if request.decision:
        show_lines([decision_lines(request.decision)])
    typer.echo(told(promote(place, request)))
    return 0


def _as_json(place: Workspace, request: Request) -> int:
    """One object, whatever comes of it: the ledger's entry, null where there is none."""
    entry = None
    try:
        entry = document(promote(place, request))
    finally:
        typer.echo(to_json({"entry": entry, "decision": request.decision}))
    return 0


def _cohorts(
    place: Workspace, candidate: Version, names: tuple[str, ...]
) -> tuple[tuple[Cohort, ...], tuple[str, ...], tuple[str, ...]]:
    """The cohorts to judge on, names of those that cannot be read, and of those not asked for."""
    mine = [n for n in cohort_names(place) if module_of(place, n) in ("", candidate.module.name)]
    if names:
        aside = tuple(name for name in mine if name not in names)
        for name in aside:
            typer.echo(f"Not judged: cohort {name}, which was not asked for", err=True)
        return tuple(read_cohort(place, n) for n in names), (), tuple(f"cohort {n}" for n in aside)
    cohorts, unread = [], []
    for name in mine:
        try:
            cohorts.append(read_cohort(place, name))
        except ConfigError as error:
            unread.append(name)
            typer.echo(f"Left out: cohort {name}, which cannot be read: {error.message}", err=True)
    return tuple(cohorts), tuple(unread), ()
