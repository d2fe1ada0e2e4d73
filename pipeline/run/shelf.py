"""The pinned modules of a run: contracts at once, networks only when something must be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.module import Module, load_module
from pipeline.bundle.runtimes.choose import Runtime
from pipeline.bundle.runtimes.settle import Source, settle
from pipeline.result import ModuleRef
from pipeline.run.graph import order


@dataclass(frozen=True)
class Shelf:
    """Verified bundle folders by module name.

    Attributes
    ----------
    refs : mapping of str to ModuleRef
        What the lock pins.
    bundles : mapping of str to pathlib.Path
        Copies whose digests have been checked against the lock.
    runtime : Runtime
        Who computes, where it agrees with PyTorch.
    """

    refs: Mapping[str, ModuleRef]
    bundles: Mapping[str, Path]
    runtime: Runtime = field(default_factory=Runtime)
    _loaded: dict[str, Module] = field(default_factory=dict, repr=False)
    _contracts: dict[str, Contract] = field(default_factory=dict, repr=False)
    _runtimes: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """Every module's contract, read once."""
        if not self._contracts:
            self._contracts.update(
                {name: read_contract(path) for name, path in self.bundles.items()}
            )
        return self._contracts

    def runtime_of(self, name: str) -> str:
        """The runtime that computes this module, part of its results' keys; reads no network."""
        if name not in self._runtimes:
            source = Source(self.bundles[name], self.refs[name], self.contracts[name])
            self._runtimes[name] = settle(source, self.runtime)
        return self._runtimes[name]

    @property
    def order(self) -> tuple[str, ...]:
        """Names in running order."""
        return order(self.contracts)

    def module(self, name: str) -> Module:
        """The module ready to run; its weights are read on the first call and kept."""
        if name not in self._loaded:
            self._loaded[name] = load_module(self.bundles[name], self.refs[name], self.runtime)
        return self._loaded[name]

    def replace(self, module: Module) -> None:
        """Compute with `module` in place of the one of that name from now on."""
        self._loaded[module.ref.name] = module
