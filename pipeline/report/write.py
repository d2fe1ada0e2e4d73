"""Write a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import OutputError


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 `text` to a temporary name beside `path`, then rename it.

    Raises
    ------
    OutputError
        The folder is missing, full or not writable; an older file at `path` is left as it was.
    """
    try:
        _replace(path, text.encode("utf-8"))
    except OSError as error:
        raise OutputError(
            f"{path.name} cannot be written: {error.strerror or type(error).__name__}.",
            "Check that the output folder exists, is writable and has space.",
        ) from error


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
