"""Write a text file of the output; where it cannot be, say what to do."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import OutputError
from pipeline.whole import write


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 `text` to a temporary name beside `path`, then rename it.

    Raises
    ------
    OutputError
        The folder is missing, full or not writable; an older file at `path` is left as it was.
    """
    try:
        write(path, text.encode("utf-8"))
    except OSError as error:
        raise OutputError(
            f"{path.name} cannot be written: {error.strerror or type(error).__name__}.",
            "Check that the output folder exists, is writable and has space.",
        ) from error
