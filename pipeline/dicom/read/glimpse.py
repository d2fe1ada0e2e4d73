"""A first look at a file: where it belongs, without parsing what is not needed for that."""

from __future__ import annotations

import math
import re
from pathlib import Path

from pydicom.datadict import tag_for_keyword

from pipeline.dicom.read.glance import Glance
from pipeline.dicom.read.walk import UNDEFINED, Strange, Walk
from pipeline.dicom.read.walked import Walked, tags_of

KEYWORDS = """
    BitsAllocated Columns FrameOfReferenceUID ImagePositionPatient InstanceNumber NumberOfFrames
    Rows SamplesPerPixel SeriesInstanceUID SeriesNumber SOPClassUID SOPInstanceUID StudyInstanceUID
""".split()  # noqa: SIM905 - readable as words
WANTED = tags_of(KEYWORDS)
TAG = {keyword: int(tag_for_keyword(keyword) or 0) for keyword in KEYWORDS}
PLAIN_UID = re.compile(r"[0-9.]*").fullmatch
PLAIN_INTEGER = re.compile(r"-?[0-9]{1,9}").fullmatch
# Pixel Data's first bytes where it is uncompressed: tag, value representation, reserved.
HEADS = (b"\xe0\x7f\x10\x00OW\x00\x00", b"\xe0\x7f\x10\x00OB\x00\x00")
NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")


def glimpse(path: Path) -> Glance | None:
    """Look at a whole image by walking its header; None where pydicom has to look."""
    try:
        with Walk(path) as walk:
            return _look(walk)
    except (Strange, OSError, ValueError, OverflowError):
        return None


def _look(walk: Walk) -> Glance | None:
    found = walk.keep(WANTED, to_pixels=False)
    place = _placed(found)
    if not place.storage_class or (place.has_image and not _whole(walk, found)):
        return None
    return place


def _whole(walk: Walk, found: Walked) -> bool:
    if found.syntax not in NATIVE:
        begin, length = walk.keep(WANTED, to_pixels=True).pixels or (0, 0)
        return length == UNDEFINED and walk.fragments_end(begin)
    frames = _frames(found)
    samples = [found.unsigned(TAG[k]) for k in ("Rows", "Columns", "SamplesPerPixel")]
    bits = math.prod(samples) * frames * found.unsigned(TAG["BitsAllocated"])
    length = (bits + 15) // 16 * 2
    tail = length.to_bytes(4, "little")
    heads = [head + tail for head in HEADS] if found.syntax == NATIVE[1] else [HEADS[0][:4] + tail]
    return length > 0 and any(walk.ends_with(head, length) for head in heads)


def _placed(found: Walked) -> Glance:
    return Glance(
        study=_plain_uid(found, "StudyInstanceUID"),
        series=_plain_uid(found, "SeriesInstanceUID"),
        uid=_plain_uid(found, "SOPInstanceUID"),
        series_number=_plain_integer(found, "SeriesNumber", 0),
        number=_plain_integer(found, "InstanceNumber", 0),
        frames=_frames(found),
        frame_of_reference=_plain_uid(found, "FrameOfReferenceUID"),
        position=_plain_position(found),
        storage_class=_plain_uid(found, "SOPClassUID"),
        rows=found.unsigned(TAG["Rows"]),
    )


def _plain_uid(found: Walked, keyword: str) -> str:
    text = found.text(TAG[keyword])
    if not PLAIN_UID(text):
        raise Strange
    return text


def _plain_integer(found: Walked, keyword: str, default: int) -> int:
    text = found.text(TAG[keyword])
    if not text:
        return default
    if not PLAIN_INTEGER(text):
        raise Strange
    return int(text)


def _frames(found: Walked) -> int:
    return max(1, _plain_integer(found, "NumberOfFrames", 1))


def _plain_position(found: Walked) -> tuple[float, ...]:
    text = found.text(TAG["ImagePositionPatient"])
    return tuple(map(float, text.split("\\"))) if text else ()
