"""What `tessera modules` and `tessera show` print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle.contract import Contract, read_contract
from pipeline.errors import UsageError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.folders import folders
from pipeline.versions.bundles.metadata import read_metadata
from pipeline.versions.lock import read_lock
from pipeline.versions.open import open_registry, registry_there
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Folder:
    """A module as it lies in modules/: its version number there and its digest."""

    contract: Contract
    version: str
    digest: str


@dataclass(frozen=True)
class Entry:
    """One module.

    Attributes
    ----------
    name : str
        Unique in the workspace.
    folder : Folder or None
        In modules/; None for a module that is only registered.
    versions : tuple of Version
        Registered, oldest number first, each with its aliases.
    pinned : ModuleRef or None
        What the lock says.
    """

    name: str
    folder: Folder | None
    versions: tuple[Version, ...]
    pinned: ModuleRef | None

    @property
    def is_edited(self) -> bool:
        """Whether modules/ holds something that is not registered."""
        known = {version.module.digest for version in self.versions}
        return self.folder is not None and self.folder.digest not in known


@dataclass(frozen=True)
class Card:
    """One module with the figures recorded of each version, by version number."""

    entry: Entry
    scores: Mapping[str, Mapping[str, float]]


def modules(workspace: Workspace) -> tuple[Entry, ...]:
    """List every module that has a folder, a version or a pin, sorted; registers nothing."""
    lying, pinned, registry = folders(workspace), _pinned(workspace), registry_there(workspace)
    names = sorted({*lying, *pinned, *(registry.names() if registry else ())})
    return tuple(
        Entry(
            name,
            folder=_folder(lying.get(name)),
            versions=registry.versions(name) if registry else (),
            pinned=pinned.get(name),
        )
        for name in names
    )


def show(workspace: Workspace, name: str) -> Card:
    """Return all that is recorded of module `name`.

    Raises
    ------
    UsageError
        There is no such module.
    """
    entries = {entry.name: entry for entry in modules(workspace)}
    if name not in entries:
        raise no_module(name, entries)
    entry = entries[name]
    if not entry.versions:
        return Card(entry, {})
    registry = open_registry(workspace)
    return Card(entry, {v.module.version: registry.scores(v) for v in entry.versions})


def no_module(name: str, names: Iterable[str]) -> UsageError:
    """Say that there is no module `name`, but those of `names`."""
    there = ", ".join(names) or "none"
    return UsageError(f"There is no module {name!r}.", f"Name one of these: {there}.")


def _pinned(workspace: Workspace) -> Mapping[str, ModuleRef]:
    return read_lock(workspace.lock).modules if workspace.lock.exists() else {}


def _folder(path: Path | None) -> Folder | None:
    if path is None:
        return None
    return Folder(read_contract(path), read_metadata(path).version, bundle_digest(path).digest)
