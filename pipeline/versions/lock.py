"""Fact: configs/pipeline.lock, the exact versions a run uses. One key a line, so branches merge."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.digest import digest
from pipeline.errors import LockError
from pipeline.result import ModuleRef
from pipeline.versions.bundles.describe import MODULE_NAME
from pipeline.versions.bundles.digest import DIGEST
from pipeline.versions.bundles.metadata import SEMVER
from pipeline.whole import write

SCHEMA = 1
FIELDS = ("version", "mlflow_version", "digest", "weights", "code", "contract")
HEADER = (
    "# Written by `tessera lock`; keep it in git. To change it, edit pipeline.toml or promote.\n"
)
REMEDY = "Restore it from git, or write it anew with `tessera lock`."


@dataclass(frozen=True)
class Lock:
    """What is pinned.

    Attributes
    ----------
    modules : mapping of str to ModuleRef
        By name. The digest identifies a module; `mlflow_version` is its number in the store it was
        pinned from, which another store may count differently.
    pipeline : str
        Tessera's own version.
    libraries : mapping of str to str
        Versions of the libraries that can change a result; one not installed is absent.
    """

    modules: Mapping[str, ModuleRef]
    pipeline: str
    libraries: Mapping[str, str]

    def pins(self, digest: str) -> bool:
        """Say whether a module of this digest is pinned."""
        return any(ref.digest == digest for ref in self.modules.values())

    def replaced(self, ref: ModuleRef) -> Lock:
        """Return this lock with `ref` pinned in place of the module's former version."""
        return replace(self, modules={**self.modules, ref.name: ref})


def read_lock(path: Path) -> Lock:
    """Read a lock file.

    Raises
    ------
    LockError
        Missing, no TOML (a merge conflict, say), an unknown schema, or a field wrong or missing.
    """
    try:
        return _parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LockError(f"{path} is missing.", "Write it with `tessera lock`.") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise LockError(f"{path} is no valid lock: {_reason(error)}.", REMEDY) from error


def write_lock(path: Path, lock: Lock) -> None:
    """Write `lock` whole or not at all; equal locks give equal bytes.

    Raises
    ------
    LockError
        The disk is full, or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, render(lock).encode(), shared=True)
    except OSError as error:
        raise LockError(
            f"{path} cannot be written: {error.strerror or type(error).__name__}.",
            "Free disk space or mend its permissions, and call again; it is as it was.",
        ) from error


def render(lock: Lock) -> str:
    """Return the lock as TOML: one block a module, sorted, apart by a blank line."""
    blocks = [f"{HEADER}schema = {SCHEMA}\n", _block("pipeline", {"version": lock.pipeline})]
    names = sorted(lock.libraries, key=str.casefold)
    blocks.append(_block("libraries", {name: lock.libraries[name] for name in names}))
    for name, ref in sorted(lock.modules.items()):
        blocks.append(_block(f"modules.{name}", {key: getattr(ref, key) for key in FIELDS}))
    return "\n".join(blocks)


def lock_digest(path: Path) -> str:
    """Return ``sha256:`` and the digest of what the lock says, however it is typed."""
    return digest(render(read_lock(path)).encode())


def _block(name: str, entries: Mapping[str, object]) -> str:
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in entries.items()]
    return f"[{name}]\n{''.join(lines)}"


def _parse(document: Mapping[str, Any]) -> Lock:
    if document["schema"] != SCHEMA:
        raise ValueError(f"its schema is {document['schema']!r}, this Tessera reads {SCHEMA}")
    blocks = document.get("modules", {}).items()
    libraries = document["libraries"].items()
    return Lock(
        modules={name: _module(name, entry) for name, entry in blocks},
        pipeline=_text(document["pipeline"]["version"], "pipeline.version"),
        libraries={name: _text(version, name) for name, version in libraries},
    )


def _module(name: str, entry: Mapping[str, Any]) -> ModuleRef:
    if set(entry) != set(FIELDS):
        raise ValueError(f"modules.{name} needs {', '.join(FIELDS)} and nothing else")
    for key in ("digest", "weights", "code", "contract"):
        if not DIGEST.fullmatch(entry[key]):
            raise ValueError(f"modules.{name}.{key} is no sha256 digest")
    number = entry["mlflow_version"]
    if type(number) is not int or number < 1 or not SEMVER.fullmatch(entry["version"]):
        raise ValueError(f"modules.{name} has an impossible version")
    if not MODULE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a module's name")
    return ModuleRef(name=name, **entry)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} is not text")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error) or type(error).__name__
