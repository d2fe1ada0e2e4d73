"""Judge the aliases: each names whom the ledger says, and those are registered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.audit.finding import Finding, Kind
from pipeline.config import CHAMPION
from pipeline.versions.ledger.entry import Release
from pipeline.versions.ledger.standing import Standing
from pipeline.versions.registry.version import Version, of_digest


def judge_aliases(
    name: str, said: Standing, versions: Sequence[Version], numbers: Mapping[str, int]
) -> Iterator[Finding]:
    """Name every alias of module `name` that was moved by something else than a promotion.

    Parameters
    ----------
    name : str
        A module.
    said : Standing
        By the ledger.
    versions : sequence of Version
        Registered.
    numbers : mapping of str to int
        By alias, the MLflow version it names.
    """
    for alias, target in said.aliases.items():
        version = _registered(versions, target)
        if target is not None and version is None:
            yield Finding(
                Kind.VERSION,
                f"{name}@{target.version}",
                f"It is {alias} by the ledger, and is not registered as {target.digest}.",
                "Register those files again, from git say.",
            )
        elif numbers.get(alias) != (version.module.mlflow_version if version else None):
            yield Finding(
                Kind.ALIAS,
                name,
                f"{alias} is {_named(versions, numbers.get(alias))} in MLflow, and "
                f"{target.version if target else 'nobody'} by the ledger: it was moved outside.",
                _remedy(name, alias, target, is_there=alias in numbers),
            )


def without_unregistered(said: Standing, versions: Sequence[Version]) -> Standing:
    """Leave out of `said` a former champion and a challenger that are not registered."""
    challenger = said.challenger if _registered(versions, said.challenger) else None
    champions = said.champions if _registered(versions, said.previous) else said.champions[-1:]
    return Standing(champions, challenger)


def _remedy(name: str, alias: str, target: Release | None, *, is_there: bool) -> str:
    if target is None:
        return f"Delete the alias {alias} of tessera.{name} in MLflow."
    anew = f"`tessera promote {name}@{target.version} --override REASON --by NAME`"
    if not is_there:
        mended = "`tessera verify --mend` sets it to what the ledger recorded"
        return f"{mended}, and {anew} records it." if alias == CHAMPION else f"{mended}."
    back = f"Set it back to {target.version} in MLflow"
    return f"{back}, or record that with {anew}." if alias == CHAMPION else f"{back}."


def _registered(versions: Sequence[Version], target: Release | None) -> Version | None:
    return of_digest(versions, target.digest if target else None)


def _named(versions: Sequence[Version], number: int | None) -> str:
    if number is None:
        return "nobody"
    known = (v.module.version for v in versions if v.module.mlflow_version == number)
    return next(known, f"MLflow version {number}")
