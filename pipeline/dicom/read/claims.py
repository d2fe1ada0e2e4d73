"""Refuse what would inflate to far more than its header says, before anything is inflated."""

from __future__ import annotations

import struct
import zlib
from typing import IO

from pydicom import Dataset
from pydicom.encaps import generate_fragments
from pydicom.uid import DeflatedExplicitVRLittleEndian

from pipeline.errors import Code, InputError

MOST_INFLATED = 1 << 30
# Images shrink to a third, blank ones to a hundredth; what shrinks further and is large is a bomb.
MOST_RATIO, LARGE = 200, 1 << 24
DEFLATED = DeflatedExplicitVRLittleEndian.encode()
START, GROUP_LENGTH = 132, b"\x02\x00\x00\x00UL\x04\x00"
PIECE, CHUNK = 1 << 16, 1 << 20
# Start Of Frame: baseline, extended, progressive, lossless JPEG, and JPEG-LS.
FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xF7)
JPEG_2000 = b"\xff\x4f\xff\x51"


def require_modest(stream: IO[bytes]) -> None:
    """Inflate a deflated file piece by piece, keeping nothing, and refuse a bomb.

    Raises
    ------
    InputError
        TOO_LARGE; TRUNCATED where the file does not say where its deflated part begins.
    """
    start = stream.read(4096)
    stream.seek(0)
    if DEFLATED not in start:
        return
    if start[START : START + 8] != GROUP_LENGTH:
        raise InputError(Code.TRUNCATED, "The header is damaged.")
    (length,) = struct.unpack_from("<L", start, START + 8)
    stream.seek(START + 12 + length)
    modest = _is_modest(stream)
    stream.seek(0)
    if not modest:
        raise InputError(Code.TOO_LARGE, "The file inflates to more than any series has.")


def _is_modest(stream: IO[bytes]) -> bool:
    inflater, given, size = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
    waiting = b""
    while not inflater.eof and (waiting := waiting or stream.read(PIECE)):
        given += len(waiting)
        size += len(inflater.decompress(waiting, CHUNK))
        waiting = inflater.unconsumed_tail
        given -= len(waiting)
        if size > MOST_INFLATED or (size > LARGE and size > MOST_RATIO * given):
            return False
    return True


def require_honest(dataset: Dataset) -> None:
    """Refuse compressed frames whose own size is not the header's rows and columns.

    Raises
    ------
    InputError
        DECODE.
    """
    if "PixelData" not in dataset or not dataset["PixelData"].is_undefined_length:
        return
    expected = int(dataset.Rows), int(dataset.Columns)
    for fragment in generate_fragments(dataset.PixelData):
        claimed = claimed_size(fragment[:CHUNK])
        if claimed is not None and claimed != expected:
            raise InputError(Code.DECODE, "Its pixels are not of the size the header says.")


def claimed_size(data: bytes) -> tuple[int, int] | None:
    """Rows and columns a JPEG, JPEG-LS or JPEG 2000 stream says it has; None for other bytes."""
    if data.startswith(JPEG_2000) and len(data) >= 24:
        right, down, left, up = struct.unpack_from(">4L", data, 8)
        return down - up, right - left
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in FRAMES:
            rows, columns = struct.unpack_from(">2H", data, at + 5)
            return rows, columns
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
