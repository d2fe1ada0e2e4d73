"""Where an image belongs: what a first look at its header tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pydicom import Dataset
from pydicom.config import IGNORE
from pydicom.uid import UID

Identity = tuple[str, str, str, int, tuple[float, ...]]
# Label Map Segmentation Storage, too new for pydicom's list.
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"


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


def glance_at(header: Dataset) -> Glance:
    """Look at what pydicom read."""
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
