"""List the files under some paths: each once, in a fixed order, going round no loop."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import Code
from pipeline.study import LeftOut


def find_files(paths: Sequence[Path]) -> Iterator[Path | LeftOut]:
    """List files depth first, by name; a folder that cannot be listed comes as a LeftOut.

    Links are followed, to folders too, but no folder is entered twice.
    """
    entered: set[tuple[int, int]] = set()
    met: set[str] = set()
    waiting = sorted(paths, reverse=True)
    while waiting:
        path = waiting.pop()
        if _is_folder(path):
            entries = _list(path, entered)
            if isinstance(entries, LeftOut):
                yield entries
            else:
                waiting.extend(reversed(entries))
        elif (name := os.path.abspath(path)) not in met:  # noqa: PTH100 - links stay links
            met.add(name)
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _list(folder: Path, entered: set[tuple[int, int]]) -> list[Path] | LeftOut:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in entered:
            return []
        entered.add((status.st_dev, status.st_ino))
        return sorted(folder.iterdir())
    except PermissionError:
        return LeftOut(folder, Code.NO_PERMISSION, "The folder may not be listed.")
    except OSError:
        return LeftOut(folder, Code.VANISHED, "The folder cannot be listed.")
