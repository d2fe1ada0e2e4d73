"""A study's output folder: it appears whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from pipeline.errors import Code, InputError, OutputError

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
PARTIAL = ".partial-"
LOCK = ".lock"


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Make the output folder ready, and keep other runs out of it until the block ends.

    What an interrupted run left half done is cleared; a killed run's lock the system lets go.
    Workers need none: whoever hands them their studies holds it.

    Raises
    ------
    OutputError
        It cannot be made or written to, or another run writes there.
    """
    with _opened(out) as file:
        _lock(file, out)
        for left in out.glob(f"{PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside `target` that takes its place when the block ends well.

    Raises
    ------
    InputError
        DISK_FULL, where there is no space left.
    OutputError
        The folder cannot be written for another reason.
    """
    try:
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=target.parent))
        try:
            yield partial
            partial.chmod(0o755)
            _put(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except (OSError, OutputError) as error:
        # A file that is written whole says why it could not be by what it was raised from.
        reason = error if isinstance(error, OSError) else error.__cause__
        if isinstance(reason, OSError) and reason.errno in NO_SPACE:
            raise InputError(Code.DISK_FULL, f"No space is left for {target.name}.") from error
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            f"{target} cannot be written: {error.strerror}.", "Mend its rights and run again."
        ) from error


def discard(folder: Path) -> None:
    """Remove a study's folder, whole at any moment to who looks for it; no error where it is not.

    Raises
    ------
    OutputError
        It cannot be moved.
    """
    try:
        away = folder.rename(folder.with_name(f"{PARTIAL}{folder.name}"))
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be removed: {error.strerror}.", "Mend its rights and run again."
        ) from error
    shutil.rmtree(away, ignore_errors=True)


def _opened(out: Path) -> TextIO:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        return (out / LOCK).open("a")
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written: {error.strerror}.",
            "Name another folder with -o or mend its rights.",
        ) from error


def _lock(file: TextIO, out: Path) -> None:
    # Some network storage knows no locks; there it is as it was without one.
    with suppress(OSError):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(
                f"Another run writes to {out}.", "Wait until it ends, or name another folder."
            ) from error


def _put(partial: Path, target: Path) -> None:
    if target.exists():
        old = partial.with_suffix(".old")
        target.rename(old)
        partial.rename(target)
        shutil.rmtree(old)
    else:
        partial.rename(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
