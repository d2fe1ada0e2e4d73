"""Encode a DICOM object as pydicom would, several times as fast.

What we make holds text, UIDs, numbers and sequences of them by the thousand: they are encoded here
(PS3.5, explicit VR, little endian). All else is left to pydicom, and so is what was read from a
file and is passed on, whose bytes it keeps.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from copy import copy, deepcopy
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.dataelem import RawDataElement
from pydicom.dataset import validate_file_meta
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import (
    correct_ambiguous_vr_element,
    write_data_element,
    write_file_meta_info,
)
from pydicom.multival import MultiValue
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian

Encodings = str | list[str]
PLAIN: Encodings = "iso8859"
CHARACTER_SET = 0x0008_0005
# What makes a value's length even (PS3.5, 6.2).
PADDING = dict.fromkeys("AE AS CS DA DS DT IS LO SH ST LT TM UC UR UT".split(), b" ")  # noqa: SIM905
PADDING["UI"] = b"\0"
NUMBERS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}
# Of what is encoded here, those whose length takes four bytes (PS3.5, 7.1.2).
LONG = ("SQ", "UC", "UR", "UT")
MOST_SHORT = 0xFFFF
ITEM = b"\xfe\xff\x00\xe0"
# Functional groups by the hundred, which may come encoded (frames.py).
PER_FRAME = Tag("PerFrameFunctionalGroupsSequence")


def encode_file(dataset: Dataset) -> bytes:
    """Encode an object as a file: preamble, file meta information, elements.

    Raises
    ------
    ValueError
        It is to be in another transfer syntax.
    Exception
        Its file meta information is incomplete, or a value is not what its VR can hold; which,
        pydicom and struct decide.
    """
    meta = deepcopy(dataset.file_meta)
    if meta.get("TransferSyntaxUID") != ExplicitVRLittleEndian:
        raise ValueError("only explicit VR little endian is written")
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    validate_file_meta(meta, enforce_standard=True)
    buffer = _buffer()
    write_file_meta_info(buffer, meta, enforce_standard=True)
    return b"".join((bytes(128), b"DICM", buffer.getvalue(), encode(dataset)))


def encode(dataset: Dataset, encodings: Encodings = PLAIN) -> bytes:
    """Encode a dataset's elements in the order of their tags, sequences with their lengths.

    Parameters
    ----------
    encodings : str or list of str
        Character sets of its text, where it names none itself.
    """
    parts: list[bytes] = []
    for number, stored in sorted((int(one.tag), one) for one in dataset.values()):
        if number & 0xFFFF == 0:
            continue  # a group's length, which the standard has retired (PS3.5, 7.2)
        if number == PER_FRAME and isinstance(stored, RawDataElement):
            parts.append(element(number, "SQ", stored.value or b""))
            continue
        found = stored if isinstance(stored, DataElement) else dataset[number]
        if len(found.VR) != 2:  # "US or SS": other elements decide
            correct_ambiguous_vr_element(found := copy(found), dataset, True)
        if number == CHARACTER_SET:
            encodings = found.value or PLAIN
        parts.append(_encoded(found, encodings))
    return b"".join(parts)


def element(tag: int, vr: str, value: bytes) -> bytes:
    """Encode one element whose value is encoded, of an even number of bytes."""
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr.encode())
    long = vr in LONG
    return head + struct.pack("<HI" if long else "<H", *(0,) * long, len(value)) + value


def item(content: bytes) -> bytes:
    """Encode one item of a sequence, of its encoded elements."""
    return ITEM + struct.pack("<I", len(content)) + content


def _encoded(found: DataElement, encodings: Encodings) -> bytes:
    value = _value(found, encodings)
    if value is None or (len(value) > MOST_SHORT and found.VR not in LONG):
        buffer = _buffer()
        write_data_element(buffer, found, encodings)
        return buffer.getvalue()
    return element(int(found.tag), str(found.VR), value)


def _value(found: DataElement, encodings: Encodings) -> bytes | None:
    """None for what is left to pydicom."""
    vr, value = str(found.VR), found.value
    if vr == "SQ":
        if any(_was_read(one) for one in value):
            return None
        return b"".join(item(encode(one, encodings)) for one in value)
    values = value if isinstance(value, MultiValue | list) else () if found.is_empty else (value,)
    if vr in NUMBERS:
        return struct.pack(f"<{len(values)}{NUMBERS[vr]}", *values)
    return _text(values, vr) if vr in PADDING else None


def _was_read(dataset: Dataset) -> bool:
    """Whether a dataset comes from a file: its bytes may not be what its values say."""
    return dataset.original_encoding != (None, None)


def _text(values: Sequence[Any], vr: str) -> bytes | None:
    """ASCII, which is the same in every character set; None for all else."""
    wanted = str | int | float if vr in ("DS", "IS") else str
    words = [
        one if isinstance(one, str) else getattr(one, "original_string", None) or str(one)
        for one in values
        if isinstance(one, wanted)
    ]
    text = "\\".join(words)
    if len(words) < len(values) or not text.isascii():
        return None
    return text.encode("ascii") + PADDING[vr] * (len(text) % 2)


def _buffer() -> DicomBytesIO:
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = False, True
    return buffer
