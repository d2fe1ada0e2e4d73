"""What a batch was made from, so that the same call need not read every header again."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pipeline
from pipeline.batch.record import Ended, ended_from
from pipeline.batch.request import PASSING, finished
from pipeline.dicom.read.find import find_files
from pipeline.errors import Code
from pipeline.run.cache import EDITION
from pipeline.study import LeftOut
from pipeline.versions.environment import computing


@dataclass(frozen=True)
class Receipt:
    """What a scan found.

    Attributes
    ----------
    sources : str
        See `sources_digest`.
    requests : mapping of str to str
        By pseudonym, what was asked for each study; in the batch's order.
    files : int
        Files found.
    left_out : mapping of Code to int
        Those that were part of no series, by reason.
    """

    sources: str
    requests: Mapping[str, str] = field(default_factory=dict)
    files: int = 0
    left_out: Mapping[Code, int] = field(default_factory=dict)


def sources_digest(paths: Sequence[Path], key: bytes, lock: str, settings: str) -> str:
    """Digest of Tessera's and its libraries' versions, lock, settings, and every file's state.

    Files are listed, not opened; beside size and time of change their number on the disk and the
    time of change of that entry count, which no program can set back. `key` is the site's: paths
    may hold names, and pseudonyms that were made with another key are not these.

    Returns
    -------
    str
        ``hmac-sha256:`` and the hexadecimal digest.
    """
    asked = f"{pipeline.__version__}\n{EDITION}\n{computing()}\n{lock}\n{settings}\n"
    total = hmac.new(key, asked.encode(), "sha256")
    for found in find_files(paths):
        total.update(_entry(found).encode("utf-8", "surrogateescape"))
    return f"hmac-sha256:{total.hexdigest()}"


def read_receipt(manifest: Path, sources: str) -> Receipt | None:
    """The receipt in run.json, None where there is none or files have changed or may have."""
    try:
        record = json.loads(manifest.read_text(encoding="utf-8"))
        left_out = {Code(code): int(count) for code, count in record["left_out"].items()}
        receipt = Receipt(
            record["sources"], dict(record["requests"]), int(record["files"]), left_out
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return receipt if receipt.sources == sources and not PASSING & set(left_out) else None


def kept_studies(out: Path, receipt: Receipt) -> tuple[Ended, ...]:
    """Every study as an earlier run left it in `out`; empty where one is still to be done."""
    records = [finished(out / name, wanted) for name, wanted in receipt.requests.items()]
    kept = [ended_from(record) for record in records if record is not None]
    return tuple(kept) if len(kept) == len(records) else ()


def _entry(found: Path | LeftOut) -> str:
    """A path holds no zero, so no two listings read the same."""
    if isinstance(found, LeftOut):
        return f"{found.path.absolute()}\0{found.code}\0"
    try:
        status = found.stat()
    except OSError:
        return f"{found.absolute()}\0gone\0"
    state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_dev, status.st_ino)
    return f"{found.absolute()}\0{state}\0"
