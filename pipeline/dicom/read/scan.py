"""Find every file of a folder tree and sort it into studies and series, or leave it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.read.acquisition import TAGS, read_acquisition
from pipeline.dicom.read.find import find_files
from pipeline.dicom.read.header import quiet, read_header
from pipeline.dicom.read.whole import is_image
from pipeline.errors import Code, InputError
from pipeline.study import Acquisition, Instance, LeftOut, Scan, Series, Study


@dataclass(frozen=True)
class _Image:
    """One readable image file, and where it belongs."""

    study: str
    series: str
    series_number: int
    frame_of_reference: str
    instance: Instance
    acquisition: Acquisition


def scan(paths: Sequence[Path], progress: Callable[[int], None] | None = None) -> Scan:
    """Read the headers of all files under `paths` and group them by study and series.

    Studies are sorted by UID, series by number, instances by number; the result depends on the
    files alone, not on the order in which a file system lists them.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Folders, searched to any depth, or single files.
    progress : callable, optional
        Called after each file with the number of files read so far.

    Returns
    -------
    Scan
        Every file found is in a series or in ``left_out``; so is a folder that cannot be listed.
    """
    images: list[_Image] = []
    left_out: list[LeftOut] = []
    seen: set[str] = set()
    for count, entry in enumerate(find_files(paths), 1):
        found = _look_at(entry, seen) if isinstance(entry, Path) else entry
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            seen.add(found.instance.uid)
            images.append(found)
        if progress is not None:
            progress(count)
    return Scan(_studies(images), tuple(left_out))


def _look_at(path: Path, seen: set[str]) -> _Image | LeftOut:
    try:
        header = read_header(path, TAGS)
        with quiet():
            return _place(path, header, seen)
    except InputError as error:
        return LeftOut(path, error.code, error.message)
    except Exception:  # an element is only parsed when asked for, and may prove damaged then
        return LeftOut(path, Code.TRUNCATED, f"{path.name} has a damaged header.")


def _place(path: Path, header: Dataset, seen: set[str]) -> _Image | LeftOut:
    if not is_image(header) and not header.get("Rows"):
        return LeftOut(path, Code.NOT_IMAGE, _storage_class(header))
    image = _image(path, header)
    if not (image.study and image.series and image.instance.uid):
        return LeftOut(path, Code.NOT_DICOM, "A study, series or instance UID is missing.")
    if image.instance.uid in seen:
        return LeftOut(path, Code.DUPLICATE, "Its instance UID was read from another file.")
    return image


def _storage_class(header: Dataset) -> str:
    uid = header.get("SOPClassUID") or header.file_meta.get("MediaStorageSOPClassUID")
    return "Not an image." if uid is None else f"{uid.name}."


def _image(path: Path, header: Dataset) -> _Image:
    return _Image(
        study=_uid(header, "StudyInstanceUID"),
        series=_uid(header, "SeriesInstanceUID"),
        series_number=_integer(header, "SeriesNumber", 0),
        frame_of_reference=_uid(header, "FrameOfReferenceUID"),
        instance=Instance(
            path,
            uid=_uid(header, "SOPInstanceUID"),
            number=_integer(header, "InstanceNumber", 0),
            frames=max(1, _integer(header, "NumberOfFrames", 1)),
        ),
        acquisition=read_acquisition(header),
    )


def _uid(header: Dataset, keyword: str) -> str:
    return str(header.get(keyword) or "").strip()


def _integer(header: Dataset, keyword: str, default: int) -> int:
    try:
        return int(header.get(keyword) or default)
    except (TypeError, ValueError, OverflowError):
        return default


def _studies(images: Sequence[_Image]) -> tuple[Study, ...]:
    by_study = groupby(sorted(images, key=attrgetter("study", "series")), attrgetter("study"))
    return tuple(Study(uid, _series(list(members))) for uid, members in by_study)


def _series(images: Sequence[_Image]) -> tuple[Series, ...]:
    grouped = (list(members) for _, members in groupby(images, attrgetter("series")))
    return tuple(sorted(map(_one_series, grouped), key=lambda series: (series.number, series.uid)))


def _one_series(images: Sequence[_Image]) -> Series:
    ordered = sorted(images, key=lambda image: (image.instance.number, image.instance.uid))
    first = ordered[0]
    return Series(
        uid=first.series,
        number=first.series_number,
        frame_of_reference=first.frame_of_reference,
        acquisition=first.acquisition,
        instances=tuple(image.instance for image in ordered),
    )
