"""Read configs/cohorts/*.toml, strictly: a typing error must not turn into a missing case."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase
from pipeline.evaluate.cohort.narrow import narrow, roles_of
from pipeline.evaluate.cohort.structure import metric, read_structure
from pipeline.evaluate.cohort.value import length, require_spelt
from pipeline.types import Role
from pipeline.workspace import Workspace

REMEDY = "Mend the file; docs/cohorts.md explains every key."
TOP = {"title", "module", "root", "tolerance_mm", "study", "images", "reference"}
TABLES = {"structures", "cases"}
CASE = {"name", "study", "images", "reference", "truth"}
VARIABLE = re.compile(r"\$\{(\w+)\}")


def cohort_names(workspace: Workspace) -> tuple[str, ...]:
    """Names of the cohorts there are, sorted."""
    return tuple(sorted(path.stem for path in workspace.cohorts.glob("*.toml")))


def read_cohort(workspace: Workspace, name: str, roles: str = "") -> Cohort:
    """Read the cohort `name`, with only some of its contrasts where `roles` lists them.

    Raises
    ------
    UsageError
        There is none of that name, or not every case has one of the roles.
    ConfigError
        The file is no TOML, misspells a key, names a variable that is not set, or a file of a case
        is missing.
    """
    path = workspace.cohorts / f"{name}.toml"
    if not path.is_file():
        there = ", ".join(cohort_names(workspace)) or "none"
        raise UsageError(f"There is no cohort {name!r}.", f"Name one of these: {there}.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        cohort = _parse(document, name, path.parent)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(f"{path} is no cohort: {_reason(error)}.", REMEDY) from error
    _check_files(cohort)
    return narrow(cohort, roles_of(roles)) if roles else cohort


def module_of(workspace: Workspace, name: str) -> str:
    """Which module the cohort `name` judges, also where its images are not here; empty if unknown.

    Nothing but that line of the file is looked at.
    """
    try:
        text = (workspace.cohorts / f"{name}.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text).get("module", ""))
    except (OSError, ValueError):
        return ""


def _parse(document: Mapping[str, Any], name: str, folder: Path) -> Cohort:
    unknown = set(document) - TOP - TABLES
    if unknown:
        raise ValueError(f"{min(unknown)} is no key of a cohort")
    root = folder / _expanded(document.get("root", "."))
    names = [str(entry["name"]) for entry in document["cases"]]
    if len(set(names)) < len(names) or not names:
        raise ValueError("cases need names, each its own")
    structures = tuple(read_structure(entry) for entry in document.get("structures", ()))
    if len({structure.name for structure in structures}) < len(structures):
        raise ValueError("structures need names, each its own")
    return Cohort(
        name=name,
        title=str(document.get("title", name)),
        module=str(document["module"]),
        tolerance_mm=length(document, "tolerance_mm", 2.0),
        structures=structures,
        cases=tuple(_case(entry, document, root) for entry in document["cases"]),
    )


def _case(entry: Mapping[str, Any], shared: Mapping[str, Any], root: Path) -> CohortCase:
    """One case; ``{case}`` in the shared patterns stands for its name."""
    name = str(entry["name"])

    def place(pattern: str) -> Path:
        return root / _expanded(pattern.replace("{case}", name))

    for key in entry:
        require_spelt(key, CASE)
    study = entry.get("study", shared.get("study"))
    patterns = {} if study else {**shared.get("images", {}), **entry.get("images", {})}
    images = {Role(role): place(pattern) for role, pattern in patterns.items()}
    reference = entry.get("reference", shared.get("reference"))
    return CohortCase(
        name=name,
        study=place(study) if study else None,
        images={role: path for role, path in images.items() if path.exists()},
        reference=place(reference) if reference else None,
        truth={metric(key): float(value) for key, value in entry.get("truth", {}).items()},
        groups={key: str(value) for key, value in entry.items() if key not in CASE},
    )


def _expanded(text: str) -> str:
    """Put environment variables in, such as ``${TESSERA_DATA}``."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise ConfigError(
                f"The environment variable {match[1]} is not set.",
                "Set it to the folder that holds the cohort's images.",
            )
        return str(Path(os.environ[match[1]]).resolve())

    return VARIABLE.sub(value, text)


def _check_files(cohort: Cohort) -> None:
    for case in cohort.cases:
        missing = [path for path in case.places if not path.exists()]
        if missing or not (case.study or case.images):
            what = missing[0] if missing else "every image"
            raise ConfigError(
                f"Cohort {cohort.name}, case {case.name}: {what} is missing.",
                "Restore the file, or take the case out of the cohort.",
            )


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
