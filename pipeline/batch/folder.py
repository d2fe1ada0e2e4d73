"""A study's output folder: it appears whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Code, InputError, OutputError

PARTIAL = ".partial-"


def prepare(out: Path) -> None:
    """Make the output folder and clear what an interrupted run left half done.

    Raises
    ------
    OutputError
        It cannot be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(f"{PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written: {error.strerror}.",
            "Name another folder with -o or mend its rights.",
        ) from error


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
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=target.parent))
    try:
        yield partial
        partial.chmod(0o755)
        if target.exists():
            old = partial.with_suffix(".old")
            target.rename(old)
            partial.rename(target)
            shutil.rmtree(old)
        else:
            partial.rename(target)
        _sync(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InputError(Code.DISK_FULL, f"No space is left for {target.name}.") from error
        raise OutputError(
            f"{target} cannot be written: {error.strerror}.", "Mend its rights and run again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
