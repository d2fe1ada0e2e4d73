"""One file of a series as far as a volume needs it: what places and scales it, where pixels lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydicom import Dataset
from pydicom.config import IGNORE
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from pipeline.dicom.read.header import quiet, read_image
from pipeline.dicom.read.plane import PLACING
from pipeline.dicom.read.walk import UNDEFINED, Walk
from pipeline.dicom.read.walked import tags_of
from pipeline.dicom.read.whole import Extent, expected_bytes
from pipeline.errors import InputError
from pipeline.study import Instance

Given = TypeVar("Given")
Made = TypeVar("Made")

# Which image a header is of, and whose.
NAMING = ("PatientID", "SOPInstanceUID", "SeriesInstanceUID")
WANTED, NAMED = tags_of(PLACING), tags_of((*PLACING, *NAMING))
# Whatever its class, such a header is not a classic one.
GROUPS = tags_of(("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"))
ESCAPE = b"\x1b"
# Images of one frame, whose geometry stands at the top of the header: CT, MR.
CLASSIC = ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4")
# By whether value representations are implicit, and whether bytes are little endian.
PLAIN: dict[tuple[bool | None, bool | None], UID] = {
    (True, True): ImplicitVRLittleEndian,
    (False, True): ExplicitVRLittleEndian,
    (False, False): ExplicitVRBigEndian,
}


@dataclass(frozen=True)
class Source:
    """One file of a series: the elements that place and scale it, and where its pixels lie.

    `extent` is None where only a decoder of the whole file can tell.
    """

    instance: Instance
    header: Dataset
    extent: Extent | None

    @property
    def syntax(self) -> UID:
        """Transfer Syntax UID; where the file names none, the one its header was written in."""
        named = str(self.header.file_meta.get("TransferSyntaxUID", ""))
        return UID(named, IGNORE) if named else PLAIN[self.header.original_encoding]


def source_of(instance: Instance) -> Source:
    """Walk a header where it is of the usual kind, else parse it; raises as `read_header` does."""
    walked = _walked(instance.path, WANTED)
    return Source(instance, *(walked or read_image(instance.path, PLACING)))


def of_image(instance: Instance, act: Callable[[Given], Made], given: Given) -> Made:
    """Do something with one image; an error says which by number, as file names may be names."""
    try:
        return act(given)
    except InputError as error:
        raise InputError(error.code, f"Image {instance.number}: {error.message}") from error


def brief_header(path: Path) -> Dataset | None:
    """What places an image and what names it and its patient, where a walk is enough to know.

    A patient's ID that is not plain ASCII depends on more of the header than is walked.
    """
    walked = _walked(path, NAMED)
    return walked[0] if walked and _is_plain(walked[0]) else None


def _is_plain(header: Dataset) -> bool:
    raw = header.get_item("PatientID") if "PatientID" in header else None
    value = raw.value if raw else None
    return not value or (value.isascii() and ESCAPE not in value)


def _walked(path: Path, wanted: frozenset[int]) -> tuple[Dataset, Extent] | None:
    try:
        with Walk(path) as walk, quiet():
            found = walk.keep(wanted, to_pixels=True)
            if GROUPS & found.elements.keys():
                return None
            header, extent = found.dataset(), Extent(*found.pixels) if found.pixels else None
            usual = str(header.get("SOPClassUID", "")) in CLASSIC
            return (header, extent) if usual and extent and _whole(walk, header, extent) else None
    except Exception:  # whatever is wrong, pydicom says it better
        return None


def _whole(walk: Walk, header: Dataset, extent: Extent) -> bool:
    if extent.length == UNDEFINED:
        return walk.fragments_end(extent.begin)
    return extent.begin + extent.length <= walk.size and extent.length >= expected_bytes(header)
