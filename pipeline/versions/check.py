"""What `tessera lock --check` finds: everything that keeps a run from being the intended one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.config import CHAMPION, Settings, read_settings
from pipeline.errors import ConfigError, LedgerError, RegistryError, TesseraError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.copy import is_intact, place_of, verify
from pipeline.versions.bundles.folders import folders
from pipeline.versions.bundles.order import contract_at_hand, require_order
from pipeline.versions.choose import allows, choose, misfit
from pipeline.versions.drift import drift
from pipeline.versions.ensure import pinned_folder
from pipeline.versions.lock import Lock, read_lock
from pipeline.versions.open import registry_there
from pipeline.versions.registry.version import Version, of_digest
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


@dataclass(frozen=True)
class Problem:
    """One finding; `subject` is a module, a library, ``pipeline``, or ``lock`` for the file."""

    subject: str
    message: str
    remedy: str


def check(workspace: Workspace) -> tuple[Problem, ...]:
    """Compare the lock with libraries, modules, registry and intent; empty where all agree.

    Registers nothing and writes nothing but verified copies.

    Raises
    ------
    RegistryError
        MLflow cannot be reached: nothing is known of the lock then.
    """
    try:
        lock = read_lock(workspace.lock)
        settings = read_settings(workspace.settings)
        lying = set(folders(workspace))
        unpinned = (*_unpinned(lying, lock), *_unknown(lying, lock, settings))
        pinned = (*_stray(lying, lock, settings), *_modules(workspace, lock, settings))
        return (*_drifted(lock), *unpinned, *pinned, *_disordered(workspace, lock))
    except RegistryError:
        raise
    except TesseraError as error:
        return (Problem("lock", error.message, error.remedy),)


def _drifted(lock: Lock) -> Iterator[Problem]:
    for found in drift(lock):
        remedy = "Install the locked version, or accept with `tessera lock` and validate again."
        yield Problem(found.name, f"{found}.", remedy)


def _unpinned(lying: set[str], lock: Lock) -> Iterator[Problem]:
    for name in sorted(lying - set(lock.modules)):
        remedy = f"Pin it with `tessera lock {name}`, and --trust if it has code that you trust."
        yield Problem(name, f"modules/{name} is not pinned.", remedy)


def _unknown(lying: set[str], lock: Lock, settings: Settings) -> Iterator[Problem]:
    for name in sorted(set(settings.modules) - set(lock.modules) - lying):
        message = f"configs/pipeline.toml names {name}, which is neither pinned nor in modules/."
        remedy = f"Pin it with `tessera lock {name}`, or take it out of configs/pipeline.toml."
        yield Problem(name, message, remedy)


def _stray(lying: set[str], lock: Lock, settings: Settings) -> Iterator[Problem]:
    for name in sorted(set(lock.modules) - set(settings.modules) - lying):
        message = f"{name} is pinned, but neither in modules/ nor named in configs/pipeline.toml."
        yield Problem(name, message, "Name it in that file, or drop it with `tessera lock`.")


def _disordered(workspace: Workspace, lock: Lock) -> Iterator[Problem]:
    try:
        require_order({n: contract_at_hand(workspace, ref) for n, ref in lock.modules.items()})
    except ConfigError as error:
        yield Problem("lock", error.message, error.remedy)


def _modules(workspace: Workspace, lock: Lock, settings: Settings) -> Iterator[Problem]:
    registry = registry_there(workspace)
    for name, module in sorted(lock.modules.items()):
        versions = registry.versions(name) if registry else ()
        try:
            _prove(workspace, registry, module, versions)
        except TesseraError as error:
            yield Problem(name, error.message, error.remedy)
        try:
            if registry and versions:
                _require_told(registry, name, settings.intent(name))
            yield from _intended(module, versions, settings.intent(name))
        except (RegistryError, LedgerError) as error:
            yield Problem(name, error.message, error.remedy)


def _require_told(registry: Registry, name: str, intent: str) -> None:
    from pipeline.versions.moved import require_told

    require_told(registry, name, intent)


def _intended(module: ModuleRef, versions: tuple[Version, ...], intent: str) -> Iterator[Problem]:
    """What keeps the pin from being what is wanted; raises RegistryError where nothing could be."""
    if not versions:  # a fresh clone: whatever is pinned will be its champion
        if intent != CHAMPION and not allows(intent, module.version):
            raise misfit(module.name, intent, (module.version,))
        return
    wanted = choose(module.name, versions, intent).module
    if wanted.digest != module.digest:
        said = f"{module.name}: {intent} is {wanted.version}, pinned is {module.version}."
        yield Problem(module.name, said, f"Take it with `tessera lock {module.name}`.")


def _prove(
    workspace: Workspace,
    registry: Registry | None,
    module: ModuleRef,
    versions: tuple[Version, ...],
) -> None:
    place, known = place_of(workspace, module), of_digest(versions, module.digest)
    if is_intact(place, module.digest):
        verify(place, module)
    elif registry and known:
        verify(registry.fetch(known), module)
    else:
        verify(pinned_folder(workspace, module), module)
