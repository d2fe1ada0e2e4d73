"""A disk that is full or may not be written to, in words a person can act on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError


@contextmanager
def writing(folder: Path | str) -> Iterator[None]:
    """Write below `folder` inside the block.

    Raises
    ------
    OutputError
        The disk is full, or the system refuses in another way.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {_reason(error)}.",
            "Free disk space there or mend its rights, and call again.",
        ) from error


def temporary() -> str:
    """The folder for temporary files; TMPDIR where it and all that stand in for it are full."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return "TMPDIR"


def _reason(error: OSError) -> str:
    if isinstance(error, shutil.Error):  # one of many files that were copied
        return str(error.args[0][0][-1])
    return error.strerror or type(error).__name__
