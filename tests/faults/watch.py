"""See every file that a run makes, those that are gone at its end among them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EVERY_SECONDS = 0.005


@dataclass(frozen=True)
class Seen:
    """What a watched program did.

    Attributes
    ----------
    status : int
        Exit status.
    said : bytes
        Its output and error output.
    contents : tuple of bytes
        Of every file removed, replaced or emptied meanwhile, and of those still there.
    opened : tuple of Path
        Files opened for writing, wherever they lie.
    """

    status: int
    said: bytes
    contents: tuple[bytes, ...]
    opened: tuple[Path, ...]


def watched(arguments: list[str], folders: tuple[Path, ...], kept: Path, scratch: Path) -> Seen:
    """Run Python with `arguments` and keep each file it makes from vanishing.

    Python's own writing is seen by an audit hook in each process, which misses nothing. What
    libraries write without Python is seen by looking through `folders` all the time.

    Parameters
    ----------
    arguments : list of str
        Of the interpreter.
    folders : tuple of Path
        Where files are expected.
    kept : Path
        Where second names go; on the same file system.
    scratch : Path
        The folder for temporary files, and the home.
    """
    kept.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": f"{HERE / 'watched'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "WATCHED_KEPT": str(kept),
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
    }
    process = subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    ended = threading.Event()
    looker = threading.Thread(target=_look, args=(folders, kept, ended))
    looker.start()
    said, _ = process.communicate(timeout=300)
    ended.set()
    looker.join()
    log = kept / "opened"
    names = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    files = [p for folder in (kept, *folders) for p in folder.rglob("*") if p.is_file()]
    contents = tuple(path.read_bytes() for path in files)
    return Seen(process.returncode, said, contents, tuple(map(Path, dict.fromkeys(names))))


def _look(folders: tuple[Path, ...], kept: Path, ended: threading.Event) -> None:
    """Give each file a second name as soon as it is met."""
    met: set[int] = set()
    while not ended.wait(EVERY_SECONDS):
        for folder in folders:
            for place, _, names in os.walk(folder):
                for name in names:
                    _keep(Path(place, name), kept, met)


def _keep(path: Path, kept: Path, met: set[int]) -> None:
    with contextlib.suppress(OSError):  # gone already
        inode = path.lstat().st_ino
        if inode not in met:
            (kept / f"looked-{inode}").hardlink_to(path)
            met.add(inode)
