"""Read configs/policies/<module>.toml, strictly: what is misspelt would not apply."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pipeline.digest import digest
from pipeline.errors import ConfigError
from pipeline.keys import check_keys
from pipeline.versions.policy.policy import Budget, Floor, Gate, Margin, Misses, Policy, Worst
from pipeline.versions.policy.value import REMEDY, choice, number, table, tables, text, whole

Entry = TypeVar("Entry")

TABLES = ("floors", "margins", "subgroups", "worst_case", "lesions", "budget")
# The one metric that counts lesions; the limit of any other is no whole number of them.
COUNT = "lesion_misses"
KEYS = ("alpha", "least_cases", "inconclusive", "failures", *TABLES)


def policy_path(configs: Path, module: str) -> Path:
    """Where the policy of `module` lies in a workspace's configs folder."""
    return configs / "policies" / f"{module}.toml"


def read_policy(path: Path) -> Policy:
    """Read a policy; the file's name is the module's.

    Raises
    ------
    ConfigError
        No such file, no TOML, an unknown key (the nearest valid one is named), an impossible value,
        or no criterion at all.
    """
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path} is missing: nothing says what a new version of {path.stem} must prove.",
            "Write it and commit it before the candidate is validated; docs/policy.md shows how.",
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.", REMEDY) from error
    return parse_policy(document, path, digest(content))


def parse_policy(document: Mapping[str, Any], path: Path, digest: str) -> Policy:
    """Turn a parsed policy into a Policy; `path` names the module, and the file in errors."""
    where = f"{path}: "
    check_keys(document, KEYS, where, REMEDY)
    if not any(document.get(name) for name in TABLES):
        raise ConfigError(f"{path} holds no criterion, so that anything would pass.", REMEDY)
    return Policy(
        module=path.stem,
        alpha=number(document.get("alpha", 0.05), f"{where}alpha", 0.001, 0.25),
        least_cases=whole(document.get("least_cases", 8), f"{where}least_cases", 2),
        inconclusive=choice(
            document.get("inconclusive", "hold"), f"{where}inconclusive", ("hold", "refuse")
        ),
        failures=whole(document.get("failures", 0), f"{where}failures"),
        floors=_each(document, "floors", where, _floor),
        margins=_each(document, "margins", where, _margin),
        subgroups=tuple(
            _gate(entry, f"{where}subgroups.")
            for entry in tables(document.get("subgroups", []), f"{where}subgroups")
        ),
        worst=_each(document, "worst_case", where, _worst),
        misses=_each(document, "lesions", where, _misses),
        budget=_budget(table(document.get("budget", {}), f"{where}budget"), f"{where}budget."),
        digest=digest,
    )


def _each(
    document: Mapping[str, Any], name: str, where: str, read: Callable[[str, Any, str], Entry]
) -> tuple[Entry, ...]:
    entries = table(document.get(name, {}), f"{where}{name}")
    return tuple(
        read(metric, entry, f"{where}{name}.{metric}") for metric, entry in entries.items()
    )


def _floor(metric: str, entry: Any, where: str) -> Floor:
    found = table(entry, where)
    check_keys(found, ("least", "most", "on"), f"{where}.", REMEDY)
    sides = [side for side in ("least", "most") if side in found]
    if len(sides) != 1:
        raise ConfigError(f"{where} needs one of least and most.", REMEDY)
    limit = number(found[sides[0]], f"{where}.{sides[0]}")
    return Floor(
        metric, sides[0], limit, choice(found.get("on", "mean"), f"{where}.on", ("mean", "bound"))
    )


def _margin(metric: str, entry: Any, where: str) -> Margin:
    return Margin(metric, number(entry, where, 0.0))


def _worst(metric: str, entry: Any, where: str) -> Worst:
    return Worst(metric, number(entry, where, 0.0))


def _misses(metric: str, entry: Any, where: str) -> Misses:
    if metric.partition("/")[0] != COUNT:
        raise ConfigError(
            f"{where} counts no lesions.",
            f'Name one such as "{COUNT}/whole"; what others may lose belongs under [margins].',
        )
    return Misses(metric, whole(entry, where))


def _gate(entry: Mapping[str, Any], where: str) -> Gate:
    check_keys(entry, ("column", "metric", "loss", "least_cases", "small"), where, REMEDY)
    for key in ("column", "metric", "loss"):
        if key not in entry:
            raise ConfigError(f"{where}{key} is missing.", REMEDY)
    return Gate(
        column=text(entry["column"], f"{where}column"),
        metric=text(entry["metric"], f"{where}metric"),
        loss=number(entry["loss"], f"{where}loss", 0.0),
        least_cases=whole(entry.get("least_cases", 5), f"{where}least_cases", 2),
        small=choice(entry.get("small", "pass"), f"{where}small", ("pass", "hold")),
    )


def _budget(entry: Mapping[str, Any], where: str) -> Budget:
    check_keys(entry, ("seconds", "memory"), where, REMEDY)
    found = {key: number(value, f"{where}{key}", 0.0) for key, value in entry.items()}
    return Budget(found.get("seconds"), found.get("memory"))
