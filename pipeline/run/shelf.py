"""The pinned modules of a run: contracts at once, networks only when something must be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.bundle.contract import Contract, read_contract
from pipeline.bundle.module import Module, load_module
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
    """

    refs: Mapping[str, ModuleRef]
    bundles: Mapping[str, Path]
    _loaded: dict[str, Module] = field(default_factory=dict, repr=False)
    _contracts: dict[str, Contract] = field(default_factory=dict, repr=False)

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """Every module's contract, read once."""
        if not self._contracts:
            self._contracts.update(
                {name: read_contract(path) for name, path in self.bundles.items()}
            )
        return self._contracts

    @property
    def order(self) -> tuple[str, ...]:
        """Names in running order."""
        return order(self.contracts)

    def module(self, name: str) -> Module:
        """The module ready to run; its weights are read on the first call and kept."""
        if name not in self._loaded:
            self._loaded[name] = load_module(self.bundles[name], self.refs[name])
        return self._loaded[name]
