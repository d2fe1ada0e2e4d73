"""Where a module stands: its ledger as file and mirror tell it, and what MLflow's aliases say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import LedgerError
from pipeline.versions.ledger.entry import Entry, Release
from pipeline.versions.ledger.file import REMEDY, append, read_ledger, require_sound
from pipeline.versions.ledger.standing import Standing, standing
from pipeline.versions.registry.mirror import Mirror, read_mirror, write_mirror
from pipeline.versions.registry.registry import Registry
from pipeline.versions.registry.version import Version, of_digest
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class State:
    """One module.

    Attributes
    ----------
    entries : tuple of Entry
        Oldest first: all that file or mirror has.
    unmirrored : tuple of Entry
        Those MLflow lacks.
    versions : tuple of Version
        Registered, oldest number first.
    """

    entries: tuple[Entry, ...]
    unmirrored: tuple[Entry, ...]
    versions: tuple[Version, ...]

    @property
    def standing(self) -> Standing:
        """Whom the aliases must name."""
        return standing((entry.move for entry in self.entries), first_of(self.versions))

    @property
    def aliases(self) -> Mapping[str, Release]:
        """Whom MLflow's aliases do name."""
        return {alias: released(v) for v in self.versions for alias in v.aliases}

    def version(self, wanted: Release | None) -> Version | None:
        """Return the registered version of this content, None where there is none."""
        return of_digest(self.versions, wanted.digest if wanted else None)


def read_state(workspace: Workspace, registry: Registry, name: str) -> State:
    """Read where module `name` stands.

    Raises
    ------
    LedgerError
        File or mirror is damaged, or they tell different stories.
    """
    mirror = read_mirror(registry, name)
    require_whole(mirror, name)
    return _state(workspace, registry, name, mirror)


def read_broken_off(workspace: Workspace, registry: Registry, entry: Entry) -> State:
    """Read where a module stands in the middle of writing `entry`, which may be in or not.

    Raises
    ------
    LedgerError
        File or mirror is damaged otherwise than by breaking off here.
    """
    name = entry.move.module
    mirror = read_mirror(registry, name)
    if mirror.head != entry.previous or mirror.chain.faults:
        require_whole(mirror, name)
    return _state(workspace, registry, name, mirror)


def level(workspace: Workspace, registry: Registry, state: State) -> None:
    """Give file and mirror the entries they lack."""
    append(workspace, state.entries)
    write_mirror(registry, state.unmirrored)


def first_of(versions: Sequence[Version]) -> Release | None:
    """Return the version registered first: champion until the ledger says otherwise."""
    first = min(versions, key=lambda version: version.module.mlflow_version, default=None)
    return released(first) if first else None


def released(version: Version) -> Release:
    """Return what the ledger says of `version`."""
    return Release(version.module.version, version.module.digest)


def require_whole(mirror: Mirror, name: str) -> None:
    """Raise LedgerError where the mirror of module `name` was changed."""
    if not mirror.is_whole:
        raise LedgerError(
            f"The ledger's mirror of {name} in MLflow was changed.",
            "`tessera verify` names the tag; set it back to the line in configs/ledger.jsonl.",
        )


def agreed(name: str, here: Sequence[Entry], there: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the longer of two tellings of which one begins like the other.

    Raises
    ------
    LedgerError
        They part.
    """
    short, long = sorted((here, there), key=len)
    for one, other in zip(short, long, strict=False):
        if one != other:
            raise LedgerError(
                f"Entry {one.sequence} of {name} is not the same in configs/ledger.jsonl and in "
                "its mirror in MLflow.",
                f"One was changed, or two registries promoted {name} apart. {REMEDY}",
            )
    return tuple(long)


def _state(workspace: Workspace, registry: Registry, name: str, mirror: Mirror) -> State:
    chain = read_ledger(workspace.ledger)
    require_sound(chain, workspace.ledger)
    entries = agreed(name, chain.of(name), mirror.chain.entries)
    unmirrored = entries[len(mirror.chain.entries) :]
    return State(entries, unmirrored, registry.versions(name))
