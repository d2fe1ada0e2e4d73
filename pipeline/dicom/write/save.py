"""Put a DICOM object on disk."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.write.encode import encode_file
from pipeline.errors import Code, InputError, OutputError
from pipeline.whole import write


def save(dataset: Dataset, path: Path) -> None:
    """Write `dataset` whole or not at all: under a temporary name, synced, then renamed.

    Raises
    ------
    InputError
        TRUNCATED: it holds a value, which came from a header, that cannot be written.
    OutputError
        The folder cannot be written, or the disk is full.
    """
    content = _encoded(dataset)
    try:
        write(path, content)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}.", "Free space or name another folder."
        ) from error


def _encoded(dataset: Dataset) -> bytes:
    try:
        return encode_file(dataset)
    except Exception:  # a damaged value makes pydicom raise nearly anything
        # What it says repeats the value, which may be a name: it is neither repeated nor chained.
        failed = InputError(Code.TRUNCATED, "A header holds a value that cannot be encoded.")
    raise failed
