"""Finish what broke off, and let file and mirror take over from each other what one lacks.

Only what cannot hide a change is mended: a promotion whose intent stands, entries that follow from
the last one the other side has, and an alias that names nobody where the ledger says whom it must.
Everything else `verify` names, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection

from pipeline.config import CHAMPION
from pipeline.errors import LedgerError
from pipeline.promote.settle import settle
from pipeline.promote.steps import point_all
from pipeline.versions.ledger.entry import CHALLENGER, Entry, Release
from pipeline.versions.ledger.file import read_ledger
from pipeline.versions.ledger.standing import Standing, standing
from pipeline.versions.open import open_registry
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import State, first_of, level, read_state
from pipeline.workspace import Workspace


def mend(workspace: Workspace) -> tuple[Entry, ...]:
    """Mend every module that is registered; return the entries that were done or taken over.

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
    done = [*_set_absent(registry, name, state), *([finished] if finished else [])]
    return [*(entry for entry in done if entry not in taken), *taken]


def _set_absent(registry: Registry, name: str, state: State) -> list[Entry]:
    """Set the aliases that are not there; return the entries that say so."""
    absent = _absent(state, registry.aliases(name))
    if absent and read_state(registry.workspace, registry, name).entries != state.entries:
        return []  # somebody promotes meanwhile, and sets the aliases
    point_all(registry, name, state, absent)
    moved = {CHALLENGER if alias == CHALLENGER else CHAMPION for alias in absent}
    last = {entry.move.alias: entry for entry in state.entries}
    return [last[alias] for alias in sorted(moved & last.keys())]


def _absent(state: State, now: Collection[str]) -> dict[str, Release | None]:
    return {
        alias: target
        for alias, target in state.standing.aliases.items()
        if alias not in now and _is_certain(state, alias, target)
    }


def _is_certain(state: State, alias: str, target: Release | None) -> bool:
    version = state.version(target)
    if version is None:
        return False
    # Before the first promotion it is the version registered first, unless that was deleted.
    told = any(entry.move.alias == CHAMPION for entry in state.entries)
    return alias != CHAMPION or told or version.module.mlflow_version == 1


def _followed(state: State) -> bool:
    # Aliases go on only from where the mirror had left them, and only to what is registered here.
    before = state.entries[: len(state.entries) - len(state.unmirrored)]
    was = standing((entry.move for entry in before), first_of(state.versions))
    return _named(was) == dict(state.aliases) and state.version(state.standing.champion) is not None


def _named(said: Standing) -> dict[str, object]:
    return {alias: target for alias, target in said.aliases.items() if target is not None}
