"""Files inside zip archives, read where they lie: nothing is unpacked to disk.

A member is named as though its archive were a folder: ``study.zip/series/IM0001``.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.dicom.read.claims import LARGE, MOST_RATIO
from pipeline.errors import Code, InputError
from pipeline.study import LeftOut

MAGIC = b"PK\x03\x04"
MOST_BYTES = 1 << 31
ENCRYPTED = 0x1


def is_archive(path: Path) -> bool:
    """Whether a file on disk begins as zip archives do."""
    try:
        # A pipe would block for ever when opened.
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def members(archive: Path) -> Iterator[Path | LeftOut]:
    """List an archive's files in the order of their names; what may not be opened is left out."""
    try:
        named = _named(archive)
    except Exception:  # a damaged directory makes zipfile raise nearly anything
        yield LeftOut(archive, Code.TRUNCATED, "The archive is damaged.")
        return
    if not named:
        yield LeftOut(archive, Code.EMPTY, "The archive holds no file.")
    for label, info in sorted(named.items()):
        reason = _refusal(info)
        yield LeftOut(archive / label, *reason) if reason else archive / label


def on_disk(path: Path) -> Path:
    """The file on disk that holds `path`: the archive of a member, else `path` itself."""
    return next((parent for parent in path.parents if parent.is_file()), path)


@contextmanager
def opened_member(path: Path) -> Iterator[IO[bytes]]:
    """Open a member for reading and seeking; it inflates as it is read, never all of it at once.

    Raises
    ------
    InputError
        VANISHED, where there is no such member; TOO_LARGE, NO_PERMISSION or DECODE, where it may
        not be opened.
    """
    archive = on_disk(path)
    try:
        info = _named(archive)[str(path.relative_to(archive))]
    except Exception as error:  # as above
        raise InputError(Code.VANISHED, "The file cannot be opened.") from error
    if reason := _refusal(info):
        raise InputError(*reason)
    with _archive(archive, *_stamp(archive)).open(info) as stream:
        yield stream


def _refusal(info: zipfile.ZipInfo) -> tuple[Code, str] | None:
    ratio = info.file_size / max(info.compress_size, 1)
    if info.flag_bits & ENCRYPTED:
        return Code.NO_PERMISSION, "The file is encrypted in its archive."
    if info.file_size > MOST_BYTES or (info.file_size > LARGE and ratio > MOST_RATIO):
        return Code.TOO_LARGE, f"The file claims to inflate to {info.file_size} bytes."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Code.DECODE, "The archive is packed in a way that cannot be read."
    return None


def _named(archive: Path) -> dict[str, zipfile.ZipInfo]:
    return _labels(archive, *_stamp(archive))


def _stamp(archive: Path) -> tuple[int, int]:
    status = archive.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _archive(archive: Path, changed: int, size: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(archive)


@lru_cache(maxsize=4)
def _labels(archive: Path, changed: int, size: int) -> dict[str, zipfile.ZipInfo]:
    """Members by a name that climbs nowhere; two of one name are told apart by a number."""
    named: dict[str, zipfile.ZipInfo] = {}
    for info in _archive(archive, changed, size).infolist():
        if info.is_dir():
            continue
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        plain = str(PurePosixPath(*(part for part in parts if part not in ("/", ".."))))
        label, twins = plain, 1
        while label in named:
            label, twins = f"{plain}~{twins}", twins + 1
        named[label] = info
    return named
