"""configs/ledger.jsonl: read it, and append whole lines or nothing."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import LedgerError
from pipeline.versions.ledger.chain import Chain, check
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.ledger.line import render
from pipeline.whole import write
from pipeline.workspace import Workspace

REMEDY = (
    "`tessera verify` names every fault. Restore the file from git; whatever it lacks then, "
    "`tessera verify --mend` takes from MLflow."
)


def read_ledger(path: Path) -> Chain:
    """Read and check the ledger; no file is an empty one.

    Raises
    ------
    LedgerError
        The file cannot be read; damaged lines are no error here, the chain names them.
    """
    return check(_content(path))


def require_sound(chain: Chain, path: Path) -> None:
    """Raise LedgerError where `chain`, read from `path`, has a fault: nothing builds on it."""
    if chain.faults:
        first = chain.faults[0]
        more = f" (and {len(chain.faults) - 1} more)" if len(chain.faults) > 1 else ""
        raise LedgerError(
            f"{path} is damaged: line {first.place} {first.message}{more}.",
            REMEDY,
        )


def append(workspace: Workspace, entries: Sequence[Entry]) -> None:
    """Append those `entries` that the ledger lacks, all of them or none; synced to the disk.

    Raises
    ------
    LedgerError
        The ledger is damaged, an entry does not follow from its last, or it cannot be written.
    """
    path = workspace.ledger
    try:
        with _alone(workspace):
            content = _content(path)
            before = check(content)
            require_sound(before, path)
            known = {entry.hash for entry in before.entries}
            lines = [render(entry) for entry in entries if entry.hash not in known]
            if not lines:
                return
            after = content + "".join(f"{line}\n" for line in lines).encode()
            if check(after).faults:
                raise LedgerError(f"{path} does not lead up to what would be appended.", REMEDY)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, after, shared=True)
            _sync(path.parent)
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be written: {error.strerror or type(error).__name__}.",
            "Free disk space or mend its permissions, and call again; nothing was appended.",
        ) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read: {error.strerror or type(error).__name__}.",
            "Mend its permissions.",
        ) from error


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    # Promotions of two modules may append at the same time; the system drops the lock in a crash.
    workspace.state.mkdir(parents=True, exist_ok=True)
    with (workspace.state / "ledger.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sync(folder: Path) -> None:
    # The file is whole either way; not every file system lets a folder be synced.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
