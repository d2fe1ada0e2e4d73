"""Make a version champion, or challenger: by the policy's decision, or by a person's."""

from __future__ import annotations

from pipeline.config import CHAMPION
from pipeline.errors import RegistryError, UsageError
from pipeline.promote.again import require_newer_evidence
from pipeline.promote.judge import actor, judge
from pipeline.promote.request import Request
from pipeline.promote.settle import settle
from pipeline.promote.transaction import transact
from pipeline.versions.ledger.entry import Action, Entry, Move
from pipeline.versions.lock import lock_digest
from pipeline.versions.moved import require_alias
from pipeline.versions.open import open_registry
from pipeline.versions.state import State, read_state, released
from pipeline.workspace import Workspace


def promote(workspace: Workspace, request: Request) -> Entry:
    """Move the alias, keep the former champion as previous, tag the version and record it all.

    The lock stays as it is: what runs is pinned by `tessera lock`, a step of its own.

    Returns
    -------
    Entry
        As it stands in configs/ledger.jsonl and in MLflow.

    Raises
    ------
    RefusedError, InconclusiveError
        The policy did not accept the version, and nobody overrides; nothing was changed.
    UsageError
        The version is what it would become, the evidence is not against today's champion, or a
        person rolled the version back since.
    PromotionUnderWayError, LedgerError, RegistryError
        See `transact`.
    """
    action = judge(request)
    registry, name = open_registry(workspace), request.version.module.name
    settled = settle(workspace, registry, name)
    if settled is not None and _is_this(settled.move, request, action):
        return settled
    state = read_state(workspace, registry, name)
    if action is Action.PROMOTE:
        require_newer_evidence(registry, state, request)
    return transact(workspace, registry, state, _draft(workspace, request, action, state))


def lock_of(workspace: Workspace) -> str:
    """Return the digest of the lock there is now; empty for none."""
    return lock_digest(workspace.lock) if workspace.lock.exists() else ""


def told(entry: Entry) -> str:
    """Say what `entry` did, and what is left to do."""
    move = entry.move
    before = None if move.before == move.after else move.before
    was = f", in place of {before.version}" if before else ""
    how = {Action.OVERRIDE: f" by override of {move.actor}", Action.ROLLBACK: " again"}
    done = f"{move.module} {move.after.version} is {move.alias}{how.get(move.action, '')}{was}"
    left = (
        f"The lock is untouched; `tessera lock {move.module}` pins it."
        if move.alias == CHAMPION
        else f"Try it with `tessera run --shadow {move.module}={move.after.version}`."
    )
    return f"{done}; entry {entry.sequence} of its ledger. {left}"


def _is_this(move: Move, request: Request, action: Action) -> bool:
    wanted = (action, request.alias, released(request.version))
    return (move.action, move.alias, move.after) == wanted


def _draft(workspace: Workspace, request: Request, action: Action, state: State) -> Move:
    _require_news(request, state)
    if action is Action.PROMOTE:
        require_alias(state, request.version.module.name)
        _require_reference(request, state)
    evidence = request.evidence
    standing = state.standing.aliases
    return Move(
        action=action,
        module=request.version.module.name,
        alias=request.alias,
        before=standing[request.alias],
        after=released(request.version),
        lock=evidence.lock or lock_of(workspace),
        policy=evidence.policy,
        cohort=evidence.cohort,
        runs=evidence.runs,
        outcome=request.decision.outcome if request.decision else None,
        actor=actor(request),
        reason=request.override.reason if request.override else "",
        left_out=tuple(map(_printable, evidence.left_out)),
        not_judged=tuple(map(_printable, evidence.not_judged)),
    )


def _printable(name: str) -> str:
    """The name, escaped where the ledger would not take it: a file may be called anything."""
    return name if name.isprintable() else ascii(name)


def _require_news(request: Request, state: State) -> None:
    wanted, said = released(request.version), state.standing
    if state.version(wanted) is None:
        raise RegistryError(f"{request.version} is not registered any more.", "Register it anew.")
    taken = {alias for alias, one in said.aliases.items() if one == wanted}
    # An override may put right an alias that was moved by hand.
    if {CHAMPION, request.alias} & taken and state.aliases.get(CHAMPION) == said.champion:
        alias = request.alias if request.alias in taken else CHAMPION
        raise UsageError(f"{request.version} is {alias} already.", "Name another version.")


def _require_reference(request: Request, state: State) -> None:
    champion, reference = state.standing.champion, request.evidence.reference
    if champion is None or reference == champion.digest:
        return
    by = next((e.move.actor for e in reversed(state.entries) if e.move.alias == CHAMPION), "")
    raise UsageError(
        f"{request.version} was not compared with the champion there is now: {champion.version}"
        f"{f', promoted by {by}' if by else ''}.",
        f"Compare {request.version} with {champion.version}, then promote it on that.",
    )
