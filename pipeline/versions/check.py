"""What `tessera lock --check` finds: everything that keeps a run from being the intended one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.config import read_settings
from pipeline.errors import TesseraError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.copy import is_intact, place_of, verify
from pipeline.versions.bundles.folders import folders
from pipeline.versions.ensure import pinned_folder
from pipeline.versions.lock import Lock, drift, read_lock
from pipeline.versions.pin import choose, open_registry
from pipeline.versions.registry.store import store
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Problem:
    """One finding; `subject` is a module, a library, ``pipeline``, or ``lock`` for the file."""

    subject: str
    message: str
    remedy: str


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Compare the lock with libraries, modules, registry and intent; empty where all agree.

    Registers nothing and writes nothing but verified copies.
    """
    try:
        lock = read_lock(workspace.lock)
        return (*_drifted(lock), *_unpinned(workspace, lock), *_modules(workspace, lock))
    except TesseraError as error:
        return (Problem("lock", error.message, error.remedy),)


def _drifted(lock: Lock) -> Iterator[Problem]:
    for found in drift(lock):
        remedy = "Install the locked version, or accept with `tessera lock` and validate again."
        yield Problem(found.name, f"{found}.", remedy)


def _unpinned(workspace: Workspace, lock: Lock) -> Iterator[Problem]:
    for name in sorted(set(folders(workspace)) - set(lock.modules)):
        yield Problem(name, f"modules/{name} is not pinned.", f"Pin it with `tessera lock {name}`.")


def _modules(workspace: Workspace, lock: Lock) -> Iterator[Problem]:
    settings = read_settings(workspace.settings)
    for name, module in sorted(lock.modules.items()):
        versions = _versions(workspace, name)
        try:
            _prove(workspace, module, versions)
        except TesseraError as error:
            yield Problem(name, error.message, error.remedy)
        wanted = choose(versions, settings.intent(name)) if versions else None
        if wanted is not None and wanted.module.digest != module.digest:
            said = f"{settings.intent(name)} is {wanted.module.version}, pinned is {module.version}"
            yield Problem(name, f"{name}: {said}.", f"Take it with `tessera lock {name}`.")


def _prove(workspace: Workspace, module: ModuleRef, versions: tuple[Version, ...]) -> None:
    place = place_of(workspace, module)
    known = next((v for v in versions if v.module.digest == module.digest), None)
    if is_intact(place, module.digest):
        verify(place, module)
    elif known is not None:
        verify(open_registry(workspace).fetch(known), module)
    else:
        verify(pinned_folder(workspace, module), module)


def _versions(workspace: Workspace, name: str) -> tuple[Version, ...]:
    return open_registry(workspace).versions(name) if store(workspace).exists else ()
