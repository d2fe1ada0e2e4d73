"""What the user wants: configs/pipeline.toml, read strictly so that a typing error cannot pass."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pipeline.errors import ConfigError
from pipeline.keys import check_keys
from pipeline.types import Role

CHAMPION = "champion"
REMEDY = "Mend the file; the shipped configs/pipeline.toml explains every key."
KEYS: dict[str, dict[str, tuple[str, ...]]] = {
    "run": {
        "runtime": ("auto", "torch", "torch-float16", "openvino"),
        "on_drift": ("warn", "refuse"),
    },
    "gate": {"module": (), "fail": ("exclude", "warn"), "abstain": ("exclude", "warn")},
    "roles": {"role": tuple(Role), "description": ()},
}


@dataclass(frozen=True)
class Gate:
    """Which module's verdict holds series back (empty for none), and what fail and abstain do.

    ``exclude`` leaves the series out of what follows, ``warn`` keeps it and says so.
    """

    module: str = "quality"
    fail: str = "exclude"
    abstain: str = "warn"


@dataclass(frozen=True)
class RoleOverride:
    """The role of every series whose description matches a pattern such as ``*FLAIR*fs*``."""

    role: Role
    description: str

    def matches(self, description: str) -> bool:
        """Say whether the shell pattern fits all of `description`, whatever its case."""
        return fnmatchcase(description.casefold().strip(), self.description.casefold())


@dataclass(frozen=True)
class Settings:
    """The intent.

    Attributes
    ----------
    modules : mapping of str to str
        By module name: ``champion``, or the versions allowed, such as ``>=1,<2``.
    runtime : str
        ``auto``, ``torch``, ``torch-float16`` or ``openvino``.
    on_drift : str
        ``warn`` or ``refuse`` when pipeline or libraries differ from the lock.
    gate : Gate
        How image quality gates what follows.
    roles : tuple of RoleOverride
        Tried in order, before the rules.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    runtime: str = "auto"
    on_drift: str = "warn"
    gate: Gate = Gate()
    roles: tuple[RoleOverride, ...] = ()

    def intent(self, module: str) -> str:
        """Return what is wanted of `module`: ``champion`` unless the file says otherwise."""
        return self.modules.get(module, CHAMPION)


def read_settings(path: Path) -> Settings:
    """Read pipeline.toml; a missing file means the defaults.

    Raises
    ------
    ConfigError
        No TOML, an unknown key (the nearest valid one is named) or an impossible value.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.", REMEDY) from error
    return parse_settings(document, str(path))


def parse_settings(document: Mapping[str, Any], source: str) -> Settings:
    """Turn a parsed pipeline.toml into Settings; `source` names the file in errors."""
    check_keys(document, ("modules", *KEYS), f"{source}: ", REMEDY)
    entries = document.get("roles", [])
    if not isinstance(entries, list):
        raise ConfigError(f"{source}: roles is a list of tables, [[roles]].", REMEDY)
    run = _table(document.get("run", {}), "run", source)
    overrides = [_table(entry, "roles", source) for entry in entries]
    return Settings(
        modules=_intents(document.get("modules", {}), source),
        gate=Gate(**_table(document.get("gate", {}), "gate", source)),
        roles=tuple(_override(entry, source) for entry in overrides),
        **run,
    )


def _table(entry: object, name: str, source: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise ConfigError(f"{source}: {name} is a table, [{name}].", REMEDY)
    check_keys(entry, KEYS[name], f"{source}: {name}.", REMEDY)
    for key, value in entry.items():
        _check_value(value, KEYS[name][key], f"{source}: {name}.{key}")
    return entry


def _check_value(value: object, choices: tuple[str, ...], where: str) -> None:
    if not isinstance(value, str) or (choices and value not in choices):
        wanted = " or ".join(choices) or "text in quotes"
        raise ConfigError(f"{where} is {value!r}, not {wanted}.", REMEDY)


def _override(entry: Mapping[str, str], source: str) -> RoleOverride:
    if set(entry) != set(KEYS["roles"]):
        raise ConfigError(f"{source}: each [[roles]] needs role and description.", REMEDY)
    return RoleOverride(Role(entry["role"]), entry["description"])


def _intents(entry: object, source: str) -> Mapping[str, str]:
    if not isinstance(entry, dict):
        raise ConfigError(f"{source}: modules is a table, [modules].", REMEDY)
    for name, wanted in entry.items():
        _check_value(wanted, (), f"{source}: modules.{name}")
        if wanted != CHAMPION:
            _check_specifier(wanted, f"{source}: modules.{name}")
    return dict(entry)


def _check_specifier(wanted: str, where: str) -> None:
    try:
        SpecifierSet(wanted)
    except InvalidSpecifier as error:
        raise ConfigError(
            f'{where} is {wanted!r}, not "champion" or like ">=1,<2".', REMEDY
        ) from error
