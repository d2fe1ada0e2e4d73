"""Move aliases and record it: all of it, whatever crashes half-way.

A claim in MLflow keeps other clients out and holds the finished entry before the first step. Each
step may be done twice without harm, and the entry is written before an alias moves: no version is
ever in use unrecorded. What a crash leaves is finished by the next call; see `settle`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.errors import LedgerError, PromotionUnderWayError, TesseraError, UsageError
from pipeline.promote.settle import MEANWHILE
from pipeline.promote.steps import Work, carry_out, record_here
from pipeline.versions.ledger.chain import chained
from pipeline.versions.ledger.entry import Entry, Move
from pipeline.versions.ledger.line import render
from pipeline.versions.registry.claim import Claim, new_claim, read_claim, release, take
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import State, level, read_state
from pipeline.workspace import Workspace

# MLflow's databases keep 5000 characters of a tag, and every entry has its mirror there.
LONGEST_LINE = 5000


def transact(workspace: Workspace, registry: Registry, state: State, move: Move) -> Entry:
    """Record `move`, drafted on `state`, and move the aliases.

    Raises
    ------
    PromotionUnderWayError
        Another client was faster; nothing was done.
    LedgerError
        The ledger is damaged or cannot be written; nothing was done.
    RegistryError
        MLflow went away: the next call for this module finishes what was begun.
    UsageError
        The entry is too long.
    """
    level(workspace, registry, state)
    claim = new_claim(chained(move, state.entries[-1] if state.entries else None, _now()))
    if len(render(claim.entry)) > LONGEST_LINE:
        raise UsageError("The ledger's entry is too long.", "Name fewer runs, or a shorter reason.")
    if not take(registry, claim):
        raise _under_way(registry, claim)
    work = Work(workspace, registry, claim, state)
    _begin(work)
    return carry_out(work)


def _begin(work: Work) -> None:
    # Up to here nothing is moved: what goes wrong now gives the claim up and leaves all as it was.
    try:
        _require_unchanged(work)
        record_here(work)
    except (LedgerError, PromotionUnderWayError) as error:
        _give_up(work, error)
        raise


def _give_up(work: Work, error: TesseraError) -> None:
    try:
        release(work.registry, work.claim)
    except TesseraError as second:
        error.add_note(str(second))


def _require_unchanged(work: Work) -> None:
    name = work.claim.entry.move.module
    found = read_state(work.workspace, work.registry, name).entries
    if found != work.state.entries:
        move = found[-1].move
        raise PromotionUnderWayError(
            f"{move.actor} was faster: {name} {move.after.version} is {move.alias} now.",
            "Compare with the champion there is now, then promote again.",
        )


def _under_way(registry: Registry, claim: Claim) -> PromotionUnderWayError:
    other = read_claim(registry, claim.entry.move.module)
    return PromotionUnderWayError(
        f"{other}, just now." if other else "Somebody else was just promoting it.",
        MEANWHILE,
    )


def _now() -> datetime:
    return datetime.now(UTC)
