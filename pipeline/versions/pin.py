"""From intent to fact: choose registered versions and write them into the lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pipeline
from pipeline.config import read_settings
from pipeline.result import ModuleRef
from pipeline.versions.bundles.folders import folders
from pipeline.versions.choose import choose
from pipeline.versions.environment import environment
from pipeline.versions.lock import Drift, Lock, drift, read_lock, write_lock
from pipeline.versions.registry.alone import PINNING, alone
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
    """The lock as written, and what changed in it: pins, and the pipeline and libraries."""

    lock: Lock
    changes: tuple[Change, ...]
    drifts: tuple[Drift, ...] = ()


def pin(workspace: Workspace, spec: str | None = None) -> Pinned:
    """Write the lock: every module by configs/pipeline.toml, or the one `spec` names.

    Pinning all also records the pipeline and the libraries; pinning one touches its block only. A
    module without any version is registered from modules/ first, and trusted by being pinned. Pins
    made at the same moment follow one another, so that none is lost.

    Parameters
    ----------
    workspace : Workspace
        Whose lock is written.
    spec : str, optional
        ``tumour``, ``tumour@1.2.0`` or ``tumour@challenger``.

    Raises
    ------
    RegistryError
        No registered version fits, or the workspace cannot be written.
    """
    registry = open_registry(workspace)
    if spec is None:
        return pin_all(workspace, registry)
    name, _, which = spec.partition("@")
    intent = which or read_settings(workspace.settings).intent(name)
    with alone(workspace, PINNING):
        before = _lock(workspace)
        lock = before.replaced(_choose(workspace, registry, name, intent).module)
        write_lock(workspace.lock, lock)
    return Pinned(lock, _changes(before.modules, lock.modules))


def pin_all(workspace: Workspace, registry: Registry) -> Pinned:
    """Pin every module that has a folder, a pin or an intent; see `pin`."""
    settings = read_settings(workspace.settings)
    with alone(workspace, PINNING):
        before = _lock(workspace)
        names = sorted({*folders(workspace), *before.modules, *settings.modules})
        chosen = (_choose(workspace, registry, name, settings.intent(name)) for name in names)
        modules = {version.module.name: version.module for version in chosen}
        lock = Lock(modules, pipeline.__version__, environment())
        write_lock(workspace.lock, lock)
    return Pinned(lock, _changes(before.modules, modules), drift(before))


def open_registry(workspace: Workspace) -> Registry:
    """Open the registry, and only now import MLflow: planning and cached runs need none."""
    from pipeline.versions.registry.registry import Registry

    return Registry(workspace)


def _lock(workspace: Workspace) -> Lock:
    """The lock as it is, one without modules where there is none."""
    if workspace.lock.exists():
        return read_lock(workspace.lock)
    return Lock({}, pipeline.__version__, environment())


def _choose(workspace: Workspace, registry: Registry, name: str, intent: str) -> Version:
    versions = registry.versions(name)
    folder = None if versions else folders(workspace).get(name)
    if folder is not None:
        versions = (registry.register(folder, trust=True),)
    return choose(name, versions, intent)


def _changes(before: Mapping[str, ModuleRef], after: Mapping[str, ModuleRef]) -> tuple[Change, ...]:
    pairs = (Change(before.get(name), module) for name, module in after.items())
    return tuple(pair for pair in pairs if pair.before != pair.after)
