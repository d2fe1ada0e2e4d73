"""Open one DICOM file, headers only, and say what is wrong with it when it cannot be read."""

from __future__ import annotations

import logging
import stat
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import SEEK_END
from pathlib import Path
from typing import IO

from pydicom import Dataset, dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian

from pipeline.dicom.read.archive import opened_member
from pipeline.dicom.read.claims import require_modest
from pipeline.dicom.read.whole import Extent, extent_of, is_whole
from pipeline.errors import Code, InputError

PREAMBLE = 128
MAGIC = b"DICM"
# Files written before the preamble was invented begin with their first element.
FIRST_GROUPS = (0x0002, 0x0008)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence pydicom's warnings and log: they quote values, which may identify a patient."""
    log = logging.getLogger("pydicom")
    was, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = was


def read_header(path: Path, tags: Sequence[str] | None = None) -> Dataset:
    """Read the elements before the pixel data, and check that the pixel data follows in full.

    Parameters
    ----------
    path : pathlib.Path
        A file.
    tags : sequence of str, optional
        Keywords of the top-level elements to keep; all where None.

    Returns
    -------
    pydicom.Dataset
        Without pixel data.

    Raises
    ------
    InputError
        VANISHED, NO_PERMISSION, NOT_DICOM or TRUNCATED.
    """
    return read_image(path, tags)[0]


def read_image(path: Path, tags: Sequence[str] | None = None) -> tuple[Dataset, Extent | None]:
    """Read a header as `read_header` does, and say where its pixel data lies, if that is known."""
    with opened(path) as stream:
        _require_dicom(stream)
        try:
            require_modest(stream)
            header = _parse(stream, tags)
            extent = extent_of(stream, header)
            whole = is_whole(stream, header, extent, stream.seek(0, SEEK_END))
        except InputError:
            raise
        except Exception as error:  # a damaged file makes pydicom raise nearly anything
            raise InputError(Code.TRUNCATED, "The header is damaged.") from error
    if not whole:
        raise InputError(Code.TRUNCATED, "The file ends before its pixel data does.")
    return header, extent


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file, or a member of an archive, for reading.

    Raises
    ------
    InputError
        VANISHED, NO_PERMISSION or NOT_DICOM; for a member also TOO_LARGE or DECODE.
    """
    with quiet(), opened_member(path) if _in_archive(path) else _opened(path) as stream:
        yield stream


def _in_archive(path: Path) -> bool:
    try:
        path.lstat()
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        # A pipe or a device would block for ever when opened.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(Code.NOT_DICOM, "It is no regular file.")
        stream = path.open("rb")
    except PermissionError as error:
        raise InputError(Code.NO_PERMISSION, "The file may not be read.") from error
    except OSError as error:
        raise InputError(Code.VANISHED, "The file cannot be opened.") from error
    with stream:
        yield stream


def _require_dicom(stream: IO[bytes]) -> None:
    try:
        start = stream.read(PREAMBLE + len(MAGIC))
        stream.seek(0)
    except Exception as error:  # a damaged member of an archive raises here already
        raise InputError(Code.TRUNCATED, "The file cannot be read to its end.") from error
    if not (start.endswith(MAGIC) and len(start) > PREAMBLE) and not _has_no_preamble(start):
        raise InputError(Code.NOT_DICOM, "The file is not DICOM.")


def _has_no_preamble(start: bytes) -> bool:
    if len(start) < 8:
        return False
    group, element = struct.unpack("<HH", start[:4])
    return group in FIRST_GROUPS and element <= 0x0018


def _parse(stream: IO[bytes], tags: Sequence[str] | None) -> Dataset:
    kept = None if tags is None else list(tags)
    header = dcmread(stream, stop_before_pixels=True, specific_tags=kept, force=True)
    if header.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        # Inflated in memory as a whole: there is no position in the file to check.
        stream.seek(0)
        header["SOPClassUID"]  # raises KeyError where inflating came to nothing
    return header
