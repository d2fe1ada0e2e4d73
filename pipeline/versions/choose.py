"""Which version an intent asks for: an alias, a number, or the newest in a range."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pipeline.errors import RegistryError
from pipeline.versions.ledger.entry import ALIASES
from pipeline.versions.registry.version import Version


def choose(name: str, versions: tuple[Version, ...], intent: str) -> Version:
    """Return the version of module `name` that `intent`, such as ``champion`` or >=1,<2, asks for.

    `versions` are sorted, oldest number first.

    Raises
    ------
    RegistryError
        None fits.
    """
    for version in versions:
        if intent == version.module.version or intent in version.aliases:
            return version
    for version in reversed(versions):
        if allows(intent, version.module.version):
            return version
    numbers = [version.module.version for version in versions]
    if versions and intent in ALIASES:
        raise nobody(name, intent, ", ".join(numbers))
    raise misfit(name, intent, numbers)


def allows(intent: str, number: str) -> bool:
    """Say whether a version of this number is what `intent` names or lies in its range."""
    try:
        return intent == number or SpecifierSet(intent).contains(number)
    except InvalidSpecifier:
        return False


def misfit(name: str, intent: str, numbers: Iterable[str]) -> RegistryError:
    """Say that none of these numbers is what `intent` asks for."""
    return RegistryError(
        f"No version of {name} fits {intent!r}; registered are: {', '.join(numbers) or 'none'}.",
        "Register one with `tessera register`, or change configs/pipeline.toml.",
    )


def nobody(name: str, alias: str, there: str) -> RegistryError:
    """Say that an alias of module `name` is not set; `there` lists its versions."""
    return RegistryError(
        f"The alias {alias} of {name} names nobody; versions there are: {there}.",
        "Name one of these, or see `tessera verify`.",
    )
