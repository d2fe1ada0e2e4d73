"""Read from a DICOM object which module versions made it, and whether it agrees with itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.read.header import read_header
from pipeline.dicom.write.provenance import Stamp, algorithm, read_provenance


@dataclass(frozen=True)
class Origin:
    """What a file says of its making.

    Attributes
    ----------
    modality : str
        ``SEG``, ``SR`` or whatever it is.
    stamps : tuple of Stamp
        One a module version, from Contributing Equipment; empty where Tessera made none of it.
    contradictions : tuple of str
        Where a segment names another algorithm than the stamps do.
    """

    modality: str
    stamps: tuple[Stamp, ...]
    contradictions: tuple[str, ...]


def read_origin(path: Path) -> Origin:
    """Read the origin of one DICOM file.

    Raises
    ------
    InputError
        VANISHED, NO_PERMISSION, NOT_DICOM or TRUNCATED.
    """
    header = read_header(path)
    stamps = read_provenance(header)
    contradictions = tuple(_contradictions(header, stamps)) if stamps else ()
    return Origin(str(header.get("Modality", "")), stamps, contradictions)


def _contradictions(header: Dataset, stamps: tuple[Stamp, ...]) -> Iterator[str]:
    said = {_identity(algorithm(stamp)[0]) for stamp in stamps}
    for number, segment in enumerate(header.get("SegmentSequence", ()), start=1):
        for item in segment.get("SegmentationAlgorithmIdentificationSequence", ()):
            if _identity(item) not in said:
                yield f"segment {number} names another algorithm than its Contributing Equipment"


def _identity(item: Dataset) -> tuple[str, ...]:
    keys = ("AlgorithmName", "AlgorithmVersion", "AlgorithmParameters")
    return tuple(str(item.get(key, "")) for key in keys)
