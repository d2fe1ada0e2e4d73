"""A first look at a file: where it belongs, without parsing what is not needed for that."""

from __future__ import annotations

import math
import os
import re
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydicom import Dataset
from pydicom.config import IGNORE
from pydicom.datadict import tag_for_keyword
from pydicom.uid import UID

from pipeline.dicom.read.walk import UNDEFINED, Strange, Walk, Walked, tags_of

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
Identity = tuple[str, str, str, int, tuple[float, ...]]
# Label Map Segmentation Storage, too new for pydicom's list.
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1")


@dataclass(frozen=True)
class Glance:
    """Where an image belongs.

    Attributes
    ----------
    study, series, uid : str
        Study, series and SOP instance UID.
    series_number, number, frames : int
        Series and instance number, 0 where absent; at least one frame.
    frame_of_reference : str
        Its UID, empty where absent.
    position : tuple of float
        LPS, mm; empty where the header gives none for the whole image.
    storage_class : str
        SOP Class UID.
    rows : int
        0 where absent.
    """

    study: str
    series: str
    uid: str
    series_number: int
    number: int
    frames: int
    frame_of_reference: str
    position: tuple[float, ...]
    storage_class: str
    rows: int

    @property
    def has_image(self) -> bool:
        """Whether a scanner's pixels should be there: by storage class, of an unknown one by rows.

        A segmentation, a parametric map or a dose has rows, too, and is no image to compute from.
        """
        known = storage_name(self.storage_class) != self.storage_class
        other = known or self.storage_class == LABEL_MAP
        return is_image(self.storage_class) or (not other and self.rows > 0)

    @property
    def identity(self) -> Identity:
        """What two files of one image share; one UID on different images is no duplicate."""
        return self.study, self.series, self.uid, self.number, self.position


def glance(path: Path) -> Glance | None:
    """Look at a whole image by walking its header; None where pydicom has to look."""
    try:
        # A pipe would block for ever when opened.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return _look(Walk(descriptor))
    except (Strange, OSError, ValueError, OverflowError):
        return None
    finally:
        os.close(descriptor)


def _look(walk: Walk) -> Glance | None:
    found = walk.keep(WANTED, to_pixels=False)
    place = _placed(found)
    if not place.storage_class or (place.has_image and not _whole(walk, found)):
        return None
    return place


def glance_at(header: Dataset) -> Glance:
    """The same from what pydicom read."""
    return Glance(
        study=_uid(header, "StudyInstanceUID"),
        series=_uid(header, "SeriesInstanceUID"),
        uid=_uid(header, "SOPInstanceUID"),
        series_number=_integer(header, "SeriesNumber", 0),
        number=_integer(header, "InstanceNumber", 0),
        frames=max(1, _integer(header, "NumberOfFrames", 1)),
        frame_of_reference=_uid(header, "FrameOfReferenceUID"),
        position=_position(header),
        storage_class=_storage_class(header),
        rows=_integer(header, "Rows", 0),
    )


def is_image(storage_class: str) -> bool:
    """Whether a storage class promises pixel data, as every ``… Image Storage`` does."""
    return "Image Storage" in storage_name(storage_class)


@lru_cache(maxsize=256)
def storage_name(storage_class: str) -> str:
    """Name a SOP class; an unknown one is its own name."""
    # Unchecked, as pydicom warns of odd values by printing them.
    name: str = UID(storage_class, IGNORE).name
    return name


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


def _uid(header: Dataset, keyword: str) -> str:
    return str(header.get(keyword) or "").strip()


def _storage_class(header: Dataset) -> str:
    return _uid(header, "SOPClassUID") or _uid(header.file_meta, "MediaStorageSOPClassUID")


def _integer(header: Dataset, keyword: str, default: int) -> int:
    try:
        return int(header.get(keyword) or default)
    except (TypeError, ValueError, OverflowError):
        return default


def _position(header: Dataset) -> tuple[float, ...]:
    try:
        return tuple(float(value) for value in header.get("ImagePositionPatient") or ())
    except (TypeError, ValueError):
        return ()
