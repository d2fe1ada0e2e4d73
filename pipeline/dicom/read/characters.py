"""Keep every byte of a text, though it is not in the character set its header declares."""

from __future__ import annotations

from pydicom import Dataset
from pydicom.tag import Tag

TEXTS = """
    PatientName PatientID StudyID AccessionNumber ReferringPhysicianName
""".split()  # noqa: SIM905 - readable as words
LOST = "\ufffd"
# Each byte is a character of it, so that it is written as it was read.
BYTE_FOR_BYTE = "ISO_IR 100"


def keep_bytes(header: Dataset) -> None:
    """Declare a header Latin-1 where its names are not what it declares, and would be lost."""
    probe = _labelled(header, header.get("SpecificCharacterSet"))
    if any(LOST in str(probe.get(keyword, "")) for keyword in TEXTS):
        header.SpecificCharacterSet = BYTE_FOR_BYTE
        implicit, little = header.original_encoding
        header.set_original_encoding(implicit, little, ["latin_1"])


def _labelled(header: Dataset, characters: object) -> Dataset:
    """The raw elements in a dataset of their own: what is asked for once, is decoded for good."""
    probe = Dataset({Tag(k): header.get_item(k) for k in TEXTS if k in header})
    probe.SpecificCharacterSet = characters
    return probe
