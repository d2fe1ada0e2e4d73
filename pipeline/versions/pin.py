"""From intent to fact: choose registered versions and write them into the lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet

import pipeline
from pipeline.config import read_settings
from pipeline.errors import RegistryError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.folders import folders
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock, read_lock, write_lock
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


@dataclass(frozen=True)
class Change:
    """A module whose pin moved; `before` is None where it had none."""

    before: ModuleRef | None
    after: ModuleRef


@dataclass(frozen=True)
class Pinned:
    """The lock as written, and what changed in it."""

    lock: Lock
    changes: tuple[Change, ...]


def pin(workspace: Workspace, spec: str | None = None) -> Pinned:
    """Write the lock: every module by configs/pipeline.toml, or the one `spec` names.

    Pinning all also records the pipeline and the libraries; pinning one touches its block only. A
    module without any version is registered from modules/ first, and trusted by being pinned.

    Parameters
    ----------
    workspace : Workspace
        Whose lock is written.
    spec : str, optional
        ``tumour``, ``tumour@1.2.0`` or ``tumour@challenger``.

    Raises
    ------
    RegistryError
        No registered version fits.
    """
    registry = open_registry(workspace)
    if spec is None:
        return pin_all(workspace, registry)
    name, _, which = spec.partition("@")
    lock = read_lock(workspace.lock) if workspace.lock.exists() else _empty()
    intent = which or read_settings(workspace.settings).intent(name)
    module = _choose(workspace, registry, name, intent).module
    return _write(workspace, lock.replaced(module), lock)


def pin_all(workspace: Workspace, registry: Registry) -> Pinned:
    """Pin every module that has a folder, a pin or an intent; see `pin`."""
    settings = read_settings(workspace.settings)
    before = read_lock(workspace.lock) if workspace.lock.exists() else _empty()
    names = sorted({*folders(workspace), *before.modules, *settings.modules})
    chosen = (_choose(workspace, registry, name, settings.intent(name)) for name in names)
    modules = {version.module.name: version.module for version in chosen}
    return _write(workspace, Lock(modules, pipeline.__version__, environment()), before)


def choose(versions: tuple[Version, ...], intent: str) -> Version | None:
    """Return what `intent` asks for: an alias, a number, or the newest in a range such as >=1,<2.

    `versions` are sorted, oldest number first; None where none fits.
    """
    for version in versions:
        if intent == version.module.version or intent in version.aliases:
            return version
    try:
        range_ = SpecifierSet(intent)
    except InvalidSpecifier:
        return None
    return next((v for v in reversed(versions) if range_.contains(v.module.version)), None)


def open_registry(workspace: Workspace) -> Registry:
    """Open the registry, and only now import MLflow: planning and cached runs need none."""
    from pipeline.versions.registry.registry import Registry

    return Registry(workspace)


def _empty() -> Lock:
    return Lock({}, pipeline.__version__, environment())


def _choose(workspace: Workspace, registry: Registry, name: str, intent: str) -> Version:
    versions = registry.versions(name)
    folder = None if versions else folders(workspace).get(name)
    if folder is not None:
        versions = (registry.register(folder, trust=True),)
    chosen = choose(versions, intent)
    if chosen is None:
        there = ", ".join(version.module.version for version in versions) or "none"
        raise RegistryError(
            f"No version of {name} fits {intent!r}; registered are: {there}.",
            "Register one with `tessera register`, or change configs/pipeline.toml.",
        )
    return chosen


def _write(workspace: Workspace, lock: Lock, before: Lock) -> Pinned:
    write_lock(workspace.lock, lock)
    changes = _changes(before.modules, lock.modules)
    return Pinned(lock, changes)


def _changes(before: Mapping[str, ModuleRef], after: Mapping[str, ModuleRef]) -> tuple[Change, ...]:
    pairs = (Change(before.get(name), module) for name, module in after.items())
    return tuple(pair for pair in pairs if pair.before != pair.after)
