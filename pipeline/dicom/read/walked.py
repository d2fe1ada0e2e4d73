"""What a walk through a header kept, and pydicom's view of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydicom import DataElement, Dataset
from pydicom.config import IGNORE
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileMetaDataset
from pydicom.tag import BaseTag
from pydicom.uid import UID

IMPLICIT = b"1.2.840.10008.1.2"


@dataclass(frozen=True)
class Walked:
    """What a walk kept.

    Attributes
    ----------
    syntax : str
        Transfer Syntax UID.
    elements : mapping of int to (bytes or None, bytes)
        By tag: value representation, None where implicit, and the raw value.
    pixels : tuple of int or None
        Where the value of Pixel Data begins and how long it is, `UNDEFINED` if encapsulated; None
        where the walk ended before it.
    """

    syntax: str
    elements: dict[int, tuple[bytes | None, bytes]]
    pixels: tuple[int, int] | None

    def text(self, tag: int) -> str:
        """A value of ASCII text, without its padding; empty where absent."""
        text = self.elements.get(tag, (None, b""))[1].decode("ascii", "strict")
        return text.rstrip("\0 ").lstrip(" ")

    def unsigned(self, tag: int) -> int:
        """A value of type US; 0 where absent."""
        return int.from_bytes(self.elements.get(tag, (None, b""))[1][:2], "little")

    def dataset(self) -> Dataset:
        """The kept elements for pydicom to convert, as though it had read them."""
        implicit = self.syntax.encode() == IMPLICIT
        elements: dict[BaseTag, DataElement | RawDataElement] = {}
        for tag, (vr, value) in self.elements.items():
            kind = vr.decode() if vr else None
            place = BaseTag(tag)
            elements[place] = RawDataElement(place, kind, len(value), value, 0, implicit, True)
        found = Dataset(elements)
        found.set_original_encoding(implicit, True)
        found.file_meta = FileMetaDataset()
        found.file_meta.TransferSyntaxUID = UID(self.syntax, IGNORE)
        return found


def tags_of(keywords: Iterable[str]) -> frozenset[int]:
    """Tags by keyword."""
    return frozenset(int(tag_for_keyword(keyword) or 0) for keyword in keywords)
