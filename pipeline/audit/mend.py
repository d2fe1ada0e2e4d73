"""Finish what broke off, and let file and mirror take over from each other what one lacks.

Only what cannot hide a change is mended: a promotion whose intent stands, and entries that follow
from the last one the other side has. Everything else `verify` names, and a person decides.
"""

from __future__ import annotations

from pipeline.errors import LedgerError
from pipeline.promote.settle import settle
from pipeline.promote.state import State, first_of, level, read_state
from pipeline.promote.steps import point_all
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.file import read_ledger
from pipeline.versions.ledger.standing import Standing, standing
from pipeline.versions.pin import open_registry
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace


def mend(workspace: Workspace) -> tuple[Entry, ...]:
    """Mend every module that is registered; return the entries that were finished or taken over.

    A module whose file and mirror tell different stories is left as it is, for `verify` to name.

    Raises
    ------
    PromotionUnderWayError
        A promotion goes on meanwhile.
    RegistryError
        MLflow cannot be reached.
    """
    registry = open_registry(workspace)
    mended: list[Entry] = []
    for name in registry.names():
        try:
            mended += _mend(workspace, registry, name)
        except LedgerError:
            continue
    return tuple(mended)


def _mend(workspace: Workspace, registry: Registry, name: str) -> list[Entry]:
    finished = settle(workspace, registry, name)
    state = read_state(workspace, registry, name)
    here = read_ledger(workspace.ledger).of(name)
    level(workspace, registry, state)
    if state.unmirrored and _followed(state):
        point_all(registry, name, state, state.standing.aliases)
    taken = [entry for entry in state.entries if entry not in here or entry in state.unmirrored]
    return taken if finished is None or finished in taken else [finished, *taken]


def _followed(state: State) -> bool:
    # Aliases go on only from where the mirror had left them, and only to what is registered here.
    before = state.entries[: len(state.entries) - len(state.unmirrored)]
    was = standing((entry.move for entry in before), first_of(state.versions))
    return _named(was) == dict(state.aliases) and state.version(state.standing.champion) is not None


def _named(said: Standing) -> dict[str, object]:
    return {alias: target for alias, target in said.aliases.items() if target is not None}
