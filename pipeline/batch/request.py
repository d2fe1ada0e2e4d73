"""What a study's result was asked for: same request, same result, so it need not run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pipeline
from pipeline.dicom.read.archive import on_disk
from pipeline.digest import digest
from pipeline.errors import Code
from pipeline.run.cache import EDITION
from pipeline.study import Case
from pipeline.versions.environment import computing

# What a second try may mend although no file has changed.
PASSING = frozenset({Code.VANISHED, Code.NO_PERMISSION, Code.DISK_FULL})


def request(case: Case, lock: str, settings: str) -> str:
    """Digest of Tessera's and its libraries' versions, the lock, the settings and the case's files.

    A file counts by its identifier, size and time of change.

    Parameters
    ----------
    case : Case
        Its role-bearing series count; other series of the study do not.
    lock, settings : str
        Digests of configs/pipeline.lock and configs/pipeline.toml.

    Returns
    -------
    str
        ``sha256:`` and the hexadecimal digest; a vanished file counts as size -1.
    """
    lines = [pipeline.__version__, str(EDITION), computing(), lock, settings]
    for role, series in sorted(case.roles.items()):
        lines.append(f"{role} {series.uid}")
        lines += sorted(f"{i.uid} {_stamp(i.path)}" for i in series.instances)
    return digest("\n".join(lines).encode())


def finished(folder: Path, wanted: str) -> dict[str, Any] | None:
    """The record of a finished study whose request was the same, or None.

    One that lacks a series only because its files could not be reached is run again, and so is one
    of whose files one is gone or has another size than was written.
    """
    record = _record(folder, wanted)
    if record is None or any(one.get("code") in PASSING for one in record["outcomes"]):
        return None
    return record if _whole(folder, record.get("sizes")) else None


def answers(folder: Path, wanted: str) -> bool:
    """Whether a study's folder holds what this request gave, complete or not."""
    return _record(folder, wanted) is not None


def _record(folder: Path, wanted: str) -> dict[str, Any] | None:
    try:
        record = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("request") == wanted else None


def _whole(folder: Path, sizes: Any) -> bool:
    """Whether every file is there and none was cut off; an older record does not say."""
    try:
        return bool(sizes == {name: (folder / name).stat().st_size for name in sizes})
    except (OSError, TypeError):
        return False


def _stamp(path: Path) -> str:
    """A file's size and time of change (its archive's where it lies in one), -1 if it is gone."""
    try:
        status = on_disk(path).stat()
    except OSError:
        return "-1"
    return f"{status.st_size} {status.st_mtime_ns}"
