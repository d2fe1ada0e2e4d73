"""One module version and what feeds it, verified and ready to run on cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.runtimes.choose import resolve
from pipeline.config import Gate, Settings, read_settings
from pipeline.evaluate.meter import Meter, Metered
from pipeline.result import ModuleRef, Outcome, Result
from pipeline.run.cache import Cache
from pipeline.run.graph import upstream
from pipeline.run.runner import Runner
from pipeline.run.shelf import Shelf
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import lock_digest, read_lock
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

# Validation looks at every case: what a gate would hold back is scored as well.
NO_GATE = Settings(gate=Gate(module=""))


@dataclass(frozen=True)
class Placed:
    """A module and the folder it lies in, whose content is what the reference says."""

    module: ModuleRef
    folder: Path


@dataclass(frozen=True)
class Stage:
    """A module under judgement.

    Attributes
    ----------
    module : ModuleRef
        The version.
    contract : Contract
        Its promises.
    runner : Runner
        Runs it and what it depends on, and the gate where there is one; nothing else.
    upstream : mapping of str to str
        By module it depends on, the digest of the version that feeds it.
    lock : str
        Digest of configs/pipeline.lock.
    meter : Meter
        What the module itself took since it was reset.
    """

    module: ModuleRef
    contract: Contract
    runner: Runner
    upstream: Mapping[str, str]
    lock: str
    meter: Meter

    @property
    def runtime(self) -> str:
        """The runtime that computes the module under judgement."""
        return self.runner.executor.shelf.runtime_of(self.module.name)

    def own(self, outcomes: Iterable[Outcome]) -> list[Result]:
        """The results of the module under judgement; empty where it could not run."""
        name = self.module.name
        return [o for o in outcomes if isinstance(o, Result) and o.module.name == name]


def set_stage(
    workspace: Workspace,
    version: Version,
    feeding: Mapping[str, Version] | None = None,
    settings: Settings = NO_GATE,
) -> Stage:
    """Bring a version and its upstream into place.

    Parameters
    ----------
    workspace : Workspace
        Whose lock says what feeds the module.
    version : Version
        Under judgement.
    feeding : mapping of str to Version, optional
        Versions that feed it in place of the locked ones.
    settings : Settings
        Without a gate, unless production is to be followed.

    Raises
    ------
    LockError
        A file is not what was pinned or registered.
    """
    registry = ensure(workspace)
    swapped = {**(feeding or {}), version.module.name: version}
    placed = {n: Placed(other.module, registry.fetch(other)) for n, other in swapped.items()}
    return arrange(workspace, version.module.name, placed, settings)


def arrange(
    workspace: Workspace,
    judged: str,
    placed: Mapping[str, Placed],
    settings: Settings = NO_GATE,
) -> Stage:
    """Bring the module `judged` into place, each module of `placed` instead of the locked one.

    Raises
    ------
    LockError
        A file is not what was pinned.
    """
    ensure(workspace)
    lock = read_lock(workspace.lock)
    places = {**materialise(workspace, lock), **{n: p.folder for n, p in placed.items()}}
    refs = {**lock.modules, **{name: p.module for name, p in placed.items()}}
    contracts = {name: read_contract(place) for name, place in places.items()}
    needed = upstream(judged, contracts)
    gate = [n for n in contracts if n == settings.gate.module and n not in needed]
    names = dict.fromkeys((*gate, *needed, judged))
    # Judged on the runtime that will run it.
    runtime = resolve(read_settings(workspace.settings).runtime, workspace.networks)
    shelf = Shelf({n: refs[n] for n in names}, {n: places[n] for n in names}, runtime)
    digest = lock_digest(workspace.lock)
    meter = Meter()
    executor = Metered(shelf, Cache(workspace.cache, digest), judged=judged, meter=meter)
    return Stage(
        module=refs[judged],
        contract=shelf.contracts[judged],
        runner=Runner(executor, settings, digest),
        upstream={name: refs[name].digest for name in needed},
        lock=digest,
        meter=meter,
    )
