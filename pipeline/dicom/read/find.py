"""List the files under some paths: each once, in a fixed order, going round no loop."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from pipeline.errors import Code
from pipeline.study import LeftOut

# A directory of a medium is no image, but whoever names it means the medium.
DIRECTORY = "DICOMDIR"


def find_files(paths: Sequence[Path]) -> Iterator[Path | LeftOut]:
    """List files depth first, by name; a folder that cannot be listed comes as a LeftOut.

    Links are followed, to folders too, but no folder is entered twice. A DICOMDIR stands for the
    folder it lies in.
    """
    entered: set[tuple[int, int]] = set()
    met: set[str] = set()
    # Each entry with whether it is a folder, which listing one tells without asking again.
    waiting = [(path, _is_folder(path)) for path in sorted(map(_meant, paths), reverse=True)]
    while waiting:
        path, folder = waiting.pop()
        if folder:
            entries = _list(path, entered)
            if isinstance(entries, LeftOut):
                yield entries
            else:
                waiting.extend(reversed(entries))
        elif (name := os.path.abspath(path)) not in met:  # noqa: PTH100 - links stay links
            met.add(name)
            yield path


def _meant(path: Path) -> Path:
    return path.parent if path.name.upper() == DIRECTORY and path.is_file() else path


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _list(folder: Path, entered: set[tuple[int, int]]) -> list[tuple[Path, bool]] | LeftOut:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in entered:
            return []
        entered.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=attrgetter("name"))
            return [(folder / entry.name, _is_folder(entry)) for entry in entries]
    except PermissionError:
        return LeftOut(folder, Code.NO_PERMISSION, "The folder may not be listed.")
    except OSError:
        return LeftOut(folder, Code.VANISHED, "The folder cannot be listed.")
