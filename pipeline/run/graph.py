"""In which order modules run: each after what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from pipeline.bundle.contract import Contract
from pipeline.errors import ConfigError


def order(contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """Module names, series-level ones first, then each after its upstream; ties by name.

    Raises
    ------
    ConfigError
        A module depends on one that is not there, or modules depend on each other.
    """
    for contract in contracts.values():
        missing = set(contract.needs.upstream) - set(contracts)
        if missing:
            raise ConfigError(
                f"{contract.name} depends on {', '.join(sorted(missing))}, which is not here.",
                "Add the module or pin one whose contract does not need it.",
            )
    sorter = TopologicalSorter({name: c.needs.upstream for name, c in sorted(contracts.items())})
    try:
        names = tuple(sorter.static_order())
    except CycleError as error:
        raise ConfigError(
            "Modules depend on each other in a circle.", "Mend their contracts."
        ) from error
    return tuple(sorted(names, key=lambda name: contracts[name].needs.level != "series"))


def dependents(name: str, contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """Modules that look at `name`'s output, directly or through others, in running order."""
    found = {name}
    for other in order(contracts):
        if found & set(contracts[other].needs.upstream):
            found.add(other)
    return tuple(other for other in order(contracts) if other in found - {name})


def upstream(name: str, contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """Modules that `name` looks at, directly or through others, in running order."""
    found = {name}
    for other in reversed(order(contracts)):
        if other in found:
            found |= set(contracts[other].needs.upstream)
    return tuple(other for other in order(contracts) if other in found - {name})
