"""Modules that look at one another's output have to have an order in which they can run."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from pipeline.bundle.contract import Contract, read_contract
from pipeline.errors import ConfigError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.copy import place_of
from pipeline.versions.bundles.digest import contract_digest
from pipeline.workspace import Workspace


def require_order(contracts: Mapping[str, Contract | None]) -> None:
    """Raise ConfigError where these modules could not run together, naming those to blame.

    Parameters
    ----------
    contracts : mapping of str to Contract or None
        By name; None for a module whose files are not at hand, which is taken to need nobody.
    """
    needs = {name: found.needs.upstream if found else () for name, found in contracts.items()}
    for name, upstream in sorted(needs.items()):
        missing = sorted(set(upstream) - set(needs))
        if missing:
            raise ConfigError(
                f"{name} depends on {', '.join(missing)}, which is not pinned.",
                f"Pin it, too (`tessera lock` pins all), or a version of {name} without that need.",
            )
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise ConfigError(
            f"Modules depend on each other in a circle: {' → '.join(error.args[1])}.",
            'Mend "upstream" in the module.toml of one of them, raise its major version and '
            "register it; then pin it with `tessera lock MODULE@VERSION`.",
        ) from error


def contract_at_hand(workspace: Workspace, module: ModuleRef) -> Contract | None:
    """Read the contract of `module` from modules/ or from its copy, None where neither holds it."""
    for folder in (workspace.modules / module.name, place_of(workspace, module)):
        if contract_digest(folder) == module.contract:
            return read_contract(folder)
    return None
