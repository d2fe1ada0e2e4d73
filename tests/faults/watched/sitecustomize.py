"""Keep every file that Python writes from vanishing: it has a second name before it loses its own.

Python imports this by itself in each process whose PYTHONPATH holds this folder, so in those that a
process starts, too. An audit hook runs before the act it is told of: nothing is too short-lived.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import uuid
from pathlib import Path

KEPT = Path(os.environ["WATCHED_KEPT"])
# Devices and pipes are no files.
NO_FILES = ("/dev/", "/proc/")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_busy = threading.local()


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Act on what is about to be written to, overwritten, renamed or removed."""
    if event not in ACTS or getattr(_busy, "now", False):
        return
    _busy.now = True
    try:
        ACTS[event](*arguments)
    finally:
        _busy.now = False


def opened(path: object, mode: object, flags: object, *_: object) -> None:
    """Note a file opened for writing; what it held goes to the kept ones if it is cut short."""
    bits = flags if isinstance(flags, int) else 0
    if isinstance(path, int) or not bits & WRITES:
        return
    if bits & os.O_TMPFILE == os.O_TMPFILE:
        # tempfile falls back on a file with a name, which is removed at once and so kept.
        raise OSError("files without a name are not seen")
    place = Path(os.fsdecode(path)).absolute()  # type: ignore[arg-type]
    if str(place).startswith(NO_FILES):
        return
    with (KEPT / "opened").open("a", encoding="utf-8", errors="replace") as log:
        log.write(f"{place}\n")
    if bits & os.O_TRUNC:
        copy(place)


def renamed(source: object, target: object, here: int = -1, there: int = -1) -> None:
    """Keep what is replaced."""
    keep(target, there)


def removed(path: object, folder: int = -1) -> None:
    """Keep what is removed."""
    keep(path, folder)


def keep(path: object, folder: int) -> None:
    """Give a file a second name; what is written to it later is seen under that name, too."""
    beside = Path(f"/proc/self/fd/{folder}") if folder != -1 else Path()
    with contextlib.suppress(OSError):  # a folder, or nothing
        os.link(beside / os.fsdecode(path), fresh(), follow_symlinks=False)  # type: ignore[arg-type]


def copy(place: Path) -> None:
    """Copy what a file holds before it is emptied."""
    with contextlib.suppress(OSError):  # it is new
        if held := place.read_bytes():
            fresh().write_bytes(held)


def fresh() -> Path:
    """A name that nothing has."""
    return KEPT / uuid.uuid4().hex


ACTS = {"open": opened, "os.rename": renamed, "os.remove": removed}
sys.addaudithook(watch)
