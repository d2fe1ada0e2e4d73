"""Restore the former champion."""

from __future__ import annotations

from pipeline.config import CHAMPION
from pipeline.errors import RegistryError, UsageError
from pipeline.promote.person import LONGEST_NAME, LONGEST_REASON, require_text, user
from pipeline.promote.promote import lock_of
from pipeline.promote.settle import settle
from pipeline.promote.transaction import transact
from pipeline.versions.ledger.entry import Action, Entry, Move
from pipeline.versions.open import open_registry
from pipeline.versions.state import State, read_state
from pipeline.workspace import Workspace


def rollback(workspace: Workspace, name: str, reason: str, actor: str = "") -> Entry:
    """Make the former champion of module `name` champion again, and record who did and why.

    Once more, and it is the champion before that one. An alias that was moved by hand is set anew.

    Parameters
    ----------
    workspace : Workspace
        Whose ledger records it.
    name : str
        A module.
    reason : str
        One line for whoever reads the ledger.
    actor : str, optional
        Who decided; the user of this process where empty.

    Raises
    ------
    UsageError
        There is no former champion, or no reason.
    RegistryError
        The former champion is not registered here, or MLflow cannot be reached.
    PromotionUnderWayError, LedgerError
        See `transact`.
    """
    who = actor or user()
    require_text(reason, "reason", LONGEST_REASON)
    require_text(who, "name", LONGEST_NAME)
    registry = open_registry(workspace)
    settled = settle(workspace, registry, name)
    # Called again after it broke off, it is not a second rollback.
    if settled is not None and settled.move.action is Action.ROLLBACK:
        return settled
    state = read_state(workspace, registry, name)
    return transact(workspace, registry, state, _draft(workspace, name, state, (who, reason)))


def _draft(workspace: Workspace, name: str, state: State, by: tuple[str, str]) -> Move:
    former, champion = state.standing.previous, state.standing.champion
    if former is None or champion is None or former == champion:
        raise UsageError(
            f"{name} has no former champion to return to.", f"See `tessera history {name}`."
        )
    if state.version(former) is None:
        raise RegistryError(
            f"{name} {former.version} ({former.digest}) is not registered here.",
            "Register that version again, from git say, then roll back.",
        )
    actor, reason = by
    return Move(
        action=Action.ROLLBACK,
        module=name,
        alias=CHAMPION,
        before=champion,
        after=former,
        lock=lock_of(workspace),
        actor=actor,
        reason=reason,
    )
