"""Put a DICOM object on disk."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.write.encode import encode_file
from pipeline.errors import OutputError

ADVICE = "Free space or name another folder."


def save(dataset: Dataset, path: Path) -> None:
    """Write `dataset` whole or not at all: under a temporary name, synced, then renamed.

    Raises
    ------
    OutputError
        A value cannot be encoded, the folder cannot be written, or the disk is full.
    """
    content = _encoded(dataset, path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.", ADVICE) from error
    finally:
        temporary.unlink(missing_ok=True)


def _encoded(dataset: Dataset, path: Path) -> bytes:
    try:
        return encode_file(dataset)
    except (OSError, ValueError, struct.error):
        # What they say repeats the value, which may be a name: it is never repeated.
        why = "a value cannot be encoded"
    raise OutputError(f"{path} cannot be written: {why}.", ADVICE)
