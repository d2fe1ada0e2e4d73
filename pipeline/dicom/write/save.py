"""Put a DICOM object on disk."""

from __future__ import annotations

import os
from pathlib import Path

from pydicom import Dataset

from pipeline.errors import OutputError


def save(dataset: Dataset, path: Path) -> None:
    """Write `dataset` whole or not at all: under a temporary name, synced, then renamed.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            dataset.save_as(file, enforce_file_format=True)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        # pydicom raises OSError too, with the value it could not encode: that is never repeated.
        why = error.strerror or "a value cannot be encoded"
        raise OutputError(
            f"{path} cannot be written: {why}.", "Free space or name another folder."
        ) from (error if error.strerror else None)
    finally:
        temporary.unlink(missing_ok=True)
