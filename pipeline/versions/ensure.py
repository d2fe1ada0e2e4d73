"""Whatever the lock pins is registered, copied and unchanged, or the run does not start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import LockError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.copy import is_intact, place_of, verify
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.folders import folders
from pipeline.versions.lock import Lock, read_lock
from pipeline.versions.open import open_registry
from pipeline.versions.pin import pin_all
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry
    from pipeline.versions.registry.version import Version


def ensure(workspace: Workspace) -> Registry:
    """Open the registry and see that it holds what the lock pins, on first use from modules/.

    Without a lock every module folder is registered and pinned, and the lock is written.

    Raises
    ------
    LockError
        A pinned version is neither registered nor what modules/ holds.
    """
    registry = open_registry(workspace)
    if not workspace.lock.exists():
        pin_all(workspace, registry)
        return registry
    for module in read_lock(workspace.lock).modules.values():
        _registered(workspace, registry, module)
    return registry


def materialise(workspace: Workspace, lock: Lock) -> Mapping[str, Path]:
    """Return the verified copy of every pinned module, by name; a run executes these.

    MLflow is opened only where a copy is absent or damaged.

    Raises
    ------
    LockError
        The files are not those that were pinned.
    """
    places = {name: place_of(workspace, module) for name, module in lock.modules.items()}
    for name in _damaged(lock, places):
        registry = open_registry(workspace)
        registry.fetch(_registered(workspace, registry, lock.modules[name]))
    for name, place in places.items():
        verify(place, lock.modules[name])
    return places


def pinned_folder(workspace: Workspace, module: ModuleRef) -> Path:
    """Return the folder in modules/ that is exactly `module`; raises LockError where none is."""
    folder = folders(workspace).get(module.name)
    found = "no such folder" if folder is None else bundle_digest(folder).digest
    if folder is None or found != module.digest:
        raise LockError(
            f"{module.name} {module.version}: expected {module.digest}, found {found} in modules/, "
            "and no such version is registered.",
            f"Restore modules/{module.name}, or accept what is there with "
            f"`tessera lock {module.name} --trust`.",
        )
    return folder


def _damaged(lock: Lock, places: Mapping[str, Path]) -> tuple[str, ...]:
    return tuple(n for n, place in places.items() if not is_intact(place, lock.modules[n].digest))


def _registered(workspace: Workspace, registry: Registry, module: ModuleRef) -> Version:
    known = registry.find(module.name, module.digest)
    if known is not None:
        return known
    return registry.register(pinned_folder(workspace, module))
