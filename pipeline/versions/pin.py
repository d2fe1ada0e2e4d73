"""From intent to fact: choose registered versions and write them into the lock."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pipeline
from pipeline.bundle.contract import Contract, read_contract
from pipeline.config import read_settings
from pipeline.errors import LockError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.admit import admit
from pipeline.versions.bundles.copy import verify
from pipeline.versions.bundles.folders import folders
from pipeline.versions.bundles.order import contract_at_hand, require_order
from pipeline.versions.change import Update, changes
from pipeline.versions.choose import choose
from pipeline.versions.drift import drift
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock, read_lock, write_lock
from pipeline.versions.open import open_registry
from pipeline.versions.registry.alone import PINNING, alone
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry
    from pipeline.versions.registry.version import Version


def pin(workspace: Workspace, spec: str | None = None, *, trust: bool = False) -> Update:
    """Write the lock: every module by configs/pipeline.toml, or the one `spec` names.

    Pinning all also records the pipeline and the libraries, and drops what is neither in modules/
    nor in configs/pipeline.toml; pinning one touches its block only. A module without any version
    is registered from modules/ first. The first lock of a workspace trusts what lies there, as it
    came; after that, code of one's own needs `trust`, as it does to be registered. Pins made at the
    same moment follow one another, so that none is lost.

    Parameters
    ----------
    workspace : Workspace
        Whose lock is written.
    spec : str, optional
        ``tumour``, ``tumour@1.2.0`` or ``tumour@challenger``.
    trust : bool, optional
        Let what is pinned run its own code.

    Raises
    ------
    RegistryError
        No registered version fits, or the workspace cannot be written.
    BundleError
        A module that has no version yet cannot be opened.
    TrustError
        It would run code of its own, and nobody gave `trust`, now or when it was registered.
    LockError
        What MLflow says of a version is not what its files say, or the lock cannot be written.
    LedgerError
        It is asked for by an alias that somebody moved outside.
    ConfigError
        The modules depend on each other in a circle, or on one that is not pinned.
    """
    registry = open_registry(workspace)
    if spec is None:
        return pin_all(workspace, registry, trust=trust)
    name, _, which = spec.partition("@")
    intent = which or read_settings(workspace.settings).intent(name)
    with alone(workspace, PINNING):
        before = _lock(workspace)
        lock = before.replaced(_choose(registry, name, intent, trust))
        _write(registry, lock)
    return Update(lock, changes(before.modules, lock.modules))


def pin_all(workspace: Workspace, registry: Registry, *, trust: bool = False) -> Update:
    """Pin every module that has a folder or an intent; see `pin`."""
    settings = read_settings(workspace.settings)
    with alone(workspace, PINNING):
        before = _lock(workspace)
        names = sorted({*folders(workspace), *settings.modules})
        modules = {name: _choose(registry, name, settings.intent(name), trust) for name in names}
        lock = Lock(modules, pipeline.__version__, environment())
        _write(registry, lock)
    return Update(lock, changes(before.modules, modules), drift(before))


def _lock(workspace: Workspace) -> Lock:
    """The lock as it is, one without modules where there is none."""
    if workspace.lock.exists():
        return read_lock(workspace.lock)
    return Lock({}, pipeline.__version__, environment())


def _choose(registry: Registry, name: str, intent: str, trust: bool) -> ModuleRef:
    from pipeline.versions.moved import require_told

    first = not registry.workspace.lock.exists()
    versions = registry.versions(name)
    folder = None if versions else folders(registry.workspace).get(name)
    if folder is not None:
        trust = trust or first
        register = registry.register if first else partial(admit, registry)
        versions = (register(folder, trust=trust),)
    version = choose(name, versions, intent)
    _prove(registry, replace(version, trusted=trust or version.trusted))
    require_told(registry, name, intent)
    return version.module


def _prove(registry: Registry, version: Version) -> None:
    """Hold what MLflow's tags say of `version` against its files, and those against trust."""
    try:
        verify(registry.fetch(version), version.module)
    except LockError as error:
        raise LockError(
            f"{version} is not what MLflow says it is: {error.message}",
            "A tag or a file was changed in MLflow; `tessera verify` says which.",
        ) from error


def _write(registry: Registry, lock: Lock) -> None:
    contracts = {name: _contract(registry, module) for name, module in lock.modules.items()}
    require_order(contracts)
    write_lock(registry.workspace.lock, lock)


def _contract(registry: Registry, module: ModuleRef) -> Contract | None:
    found = contract_at_hand(registry.workspace, module)
    version = None if found else registry.find(module.name, module.digest)
    return read_contract(registry.fetch(replace(version, trusted=True))) if version else found
