"""Tell from lengths alone, without decoding, whether a file holds all its pixel data."""

from __future__ import annotations

import math
import struct
from typing import BinaryIO

from pydicom import Dataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

UNDEFINED = 0xFFFFFFFF
PIXEL_GROUP = 0x7FE0
ITEM = (0xFFFE, 0xE000)
END = (0xFFFE, 0xE0DD)


def is_image(header: Dataset) -> bool:
    """Whether the storage class promises pixel data, as every ``… Image Storage`` does."""
    name: str = UID(str(header.get("SOPClassUID", ""))).name
    return "Image Storage" in name


def is_whole(stream: BinaryIO, header: Dataset, size: int) -> bool:
    """Whether the pixel data that `header` promises lies before the end of the file.

    Parameters
    ----------
    stream : binary file
        Positioned where the header ended.
    header : pydicom.Dataset
        What was read up to there.
    size : int
        Length of the file in bytes.
    """
    if header.file_meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        return True
    implicit, little = header.original_encoding
    order = "<" if little else ">"
    start = stream.read(8)
    if len(start) < 8 or struct.unpack(f"{order}H", start[:2])[0] != PIXEL_GROUP:
        return not is_image(header)
    length = struct.unpack(f"{order}L", start[4:] if implicit else stream.read(4))[0]
    if length == UNDEFINED:
        return _fragments_end(stream, size)
    return bool(stream.tell() + length <= size and length >= _expected_bytes(header))


def _fragments_end(stream: BinaryIO, size: int) -> bool:
    """Whether encapsulated fragments, always little endian, run up to their delimiter."""
    while len(start := stream.read(8)) == 8:
        group, element, length = struct.unpack("<HHL", start)
        if (group, element) == END:
            return True
        if (group, element) != ITEM or stream.tell() + length > size:
            return False
        stream.seek(length, 1)
    return False


def _expected_bytes(header: Dataset) -> int:
    """Size of uncompressed pixel data; 0 where colour may be subsampled or the header is silent."""
    if header.get("SamplesPerPixel") != 1:
        return 0
    bits = header.get("BitsAllocated") or 0
    frames = int(header.get("NumberOfFrames") or 1)
    return math.ceil((header.get("Rows") or 0) * (header.get("Columns") or 0) * frames * bits / 8)
