"""A file is written whole or not at all: who reads it, or a crash, never meets half of it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes, *, shared: bool = False) -> None:
    """Write `content` to a temporary name beside `path`, sync it to the disk, then rename it.

    Parameters
    ----------
    path : pathlib.Path
        In a folder that exists.
    content : bytes
        All of it.
    shared : bool, optional
        Every user of the workspace may read the file; else the umask decides, as it must for what
        is about patients.

    Raises
    ------
    OSError
        The folder is missing, full or not writable; an older file at `path` is left as it was.
    """
    # Threads, processes and machines may write the same file at the same time.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if shared:
            temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
