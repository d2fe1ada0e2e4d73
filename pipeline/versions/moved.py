"""Refuse to go by an alias that was moved by something else than a promotion."""

from __future__ import annotations

from pipeline.config import CHAMPION
from pipeline.errors import LedgerError
from pipeline.versions.ledger.entry import ALIASES
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import State, read_state

MOVED = (
    "Somebody moved the alias, see `tessera verify`: set it back in MLflow, or override with a "
    "name and a reason, which sets all aliases anew."
)
UNTAKEN = "This registry has not taken the ledger over yet: `tessera verify --mend`."


def require_alias(state: State, name: str, alias: str = CHAMPION, remedy: str = MOVED) -> None:
    """Raise LedgerError where `alias` was moved by something else than a promotion."""
    said, found = state.standing.aliases[alias], state.aliases.get(alias)
    if said != found:
        raise LedgerError(
            f"The {alias} of {name} is {found.version if found else 'nobody'} in MLflow, and "
            f"{said.version if said else 'nobody'} by the ledger.",
            remedy,
        )


def require_told(registry: Registry, name: str, intent: str) -> None:
    """Raise LedgerError where `intent` is an alias that the ledger says names another version.

    Before its first promotion a module has no ledger, and whoever MLflow names is believed. So it
    is in a clone's new registry, which never had the version that the ledger names.
    """
    if intent not in ALIASES:
        return
    state = read_state(registry.workspace, registry, name)
    is_new = state.unmirrored == state.entries
    if is_new and state.version(state.standing.aliases[intent]) is None:
        return
    if state.entries:
        require_alias(state, name, intent, UNTAKEN if is_new else MOVED)
