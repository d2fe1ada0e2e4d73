"""Find a file's pixel data, and tell from lengths alone whether all of it is there."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import IO

from pydicom import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from pipeline.dicom.read.glance import is_image
from pipeline.dicom.read.walk import UNDEFINED
from pipeline.errors import Code, InputError

PIXEL_GROUP = 0x7FE0
# Float and Double Float Pixel Data (PS3.3 C.7.6.24): no scanner stores MR images so.
FLOATS = (0x0008, 0x0009)
ITEM = (0xFFFE, 0xE000)
END = (0xFFFE, 0xE0DD)


@dataclass(frozen=True)
class Extent:
    """Where the value of Pixel Data begins, and its length, `UNDEFINED` if encapsulated; bytes."""

    begin: int
    length: int


def extent_of(stream: IO[bytes], header: Dataset) -> Extent | None:
    """Where the pixel data lies; None where there is none, or the file was inflated in memory.

    Parameters
    ----------
    stream : binary file
        Positioned where the header ended.
    header : pydicom.Dataset
        What was read up to there.

    Raises
    ------
    InputError
        DECODE: the pixels are floating-point numbers.
    """
    if header.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        return None
    implicit, little = header.original_encoding
    order = "<" if little else ">"
    start = stream.read(8)
    if len(start) < 8:
        return None
    group, element = struct.unpack(f"{order}HH", start[:4])
    if group != PIXEL_GROUP:
        return None
    if element in FLOATS:
        raise InputError(Code.DECODE, "Its pixels are floating-point numbers.")
    length = struct.unpack(f"{order}L", start[4:] if implicit else stream.read(4))[0]
    return Extent(stream.tell(), length)


def is_whole(stream: IO[bytes], header: Dataset, extent: Extent | None, size: int) -> bool:
    """Whether the pixel data that `header` promises lies before byte `size`, the file's end."""
    if header.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        return True
    if extent is None:
        return not is_image(str(header.get("SOPClassUID", "")))
    if extent.length == UNDEFINED:
        stream.seek(extent.begin)
        return _fragments_end(stream, size)
    whole = extent.begin + extent.length <= size
    return bool(whole and extent.length >= expected_bytes(header))


def _fragments_end(stream: IO[bytes], size: int) -> bool:
    """Whether encapsulated fragments, always little endian, run up to their delimiter."""
    while len(start := stream.read(8)) == 8:
        group, element, length = struct.unpack("<HHL", start)
        if (group, element) == END:
            return True
        if (group, element) != ITEM or stream.tell() + length > size:
            return False
        stream.seek(length, 1)
    return False


def expected_bytes(header: Dataset) -> int:
    """Size of uncompressed pixel data; 0 where colour may be subsampled or the header is silent."""
    if header.get("SamplesPerPixel") != 1:
        return 0
    bits = header.get("BitsAllocated") or 0
    frames = int(header.get("NumberOfFrames") or 1)
    return math.ceil((header.get("Rows") or 0) * (header.get("Columns") or 0) * frames * bits / 8)
