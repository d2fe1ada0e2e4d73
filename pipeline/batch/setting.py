"""Everything a batch needs from its workspace, opened once and verified against the lock."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.bundle.runtimes.choose import resolve
from pipeline.config import Settings, read_settings
from pipeline.digest import digest
from pipeline.errors import LockError
from pipeline.run.cache import Cache
from pipeline.run.execute import Executor
from pipeline.run.pseudonym import site_key
from pipeline.run.runner import Runner
from pipeline.run.shelf import Shelf
from pipeline.versions.drift import Drift, drift
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import lock_digest, read_lock
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Setting:
    """A verified workspace.

    Attributes
    ----------
    settings : Settings
        The intent.
    shelf : Shelf
        The pinned modules.
    runner : Runner
        Ready to run cases.
    lock, intent : str
        Digests of the lock and of configs/pipeline.toml.
    site_key : bytes
        For pseudonyms.
    drift : sequence of Drift
        Where the installation differs from the lock and the settings only warn.
    notes : sequence of str
        Modules that the wanted runtime cannot compute, and what does instead; why results cannot
        be kept for the next run.
    """

    settings: Settings
    shelf: Shelf
    runner: Runner
    lock: str
    intent: str
    site_key: bytes
    drift: Sequence[Drift]
    notes: Sequence[str] = ()


def open_setting(workspace: Workspace, debug: bool = False, threads: int = 0) -> Setting:
    """Verify and load what the lock pins; networks are read when first needed.

    Parameters
    ----------
    workspace : Workspace
        Where everything is.
    debug : bool
        Raise what a module's code raises.
    threads : int
        Cores for one network; 0 for all there are.

    Raises
    ------
    LockError
        A digest differs from the lock, or the installation does and the settings refuse that.
    """
    settings = read_settings(workspace.settings)
    if not workspace.lock.exists():
        ensure(workspace)
    lock = read_lock(workspace.lock)
    drifted = drift(lock)
    if drifted and settings.on_drift == "refuse":
        raise LockError(
            "This installation differs from the lock: " + "; ".join(map(str, drifted)) + ".",
            "Install what the lock names, or pin anew with `tessera lock`.",
        )
    runtime = resolve(settings.runtime, workspace.networks, threads)
    shelf = Shelf(lock.modules, materialise(workspace, lock), runtime)
    pinned = lock_digest(workspace.lock)
    cache = Cache(workspace.cache, pinned)
    executor = Executor(shelf, cache, debug)
    return Setting(
        settings=settings,
        shelf=shelf,
        runner=Runner(executor, settings, pinned),
        lock=pinned,
        intent=_digest_of(workspace),
        site_key=site_key(workspace.site_key),
        drift=drifted,
        notes=(*_settled(shelf), *filter(None, (cache.obstacle(),))),
    )


def _settled(shelf: Shelf) -> tuple[str, ...]:
    """Convert what is not converted yet, before studies run; what was refused, in words."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        for name in shelf.order:
            shelf.runtime_of(name)
    return tuple(str(w.message) for w in caught if w.category is RuntimeWarning)


def _digest_of(workspace: Workspace) -> str:
    text = workspace.settings.read_bytes() if workspace.settings.exists() else b""
    return digest(text)
