"""Find every file of a folder tree and sort it into studies and series, or leave it out."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from pydicom import Dataset

from pipeline.dicom.read.acquisition import TAGS, read_acquisition
from pipeline.dicom.read.archive import is_archive, members
from pipeline.dicom.read.find import find_files
from pipeline.dicom.read.glance import Glance, Identity, glance_at, storage_name
from pipeline.dicom.read.glimpse import glimpse
from pipeline.dicom.read.header import quiet, read_header
from pipeline.errors import Code, InputError
from pipeline.study import Instance, LeftOut, Scan, Series, Study

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class _Image:
    """One readable image file, and where it belongs."""

    path: Path
    place: Glance


def scan(paths: Sequence[Path]) -> Scan:
    """Read the headers of all files under `paths` and group them by study and series.

    Studies are sorted by UID, series by number, instances by number; the result depends on the
    files alone, not on the order in which a file system lists them.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Folders, searched to any depth, or single files; zip archives count as folders.

    Returns
    -------
    Scan
        Every file found is in a series or in ``left_out``; so is a folder that cannot be listed.
    """
    images: list[_Image] = []
    left_out: list[LeftOut] = []
    seen: set[Identity] = set()
    for found in _look_through(paths, seen):
        if isinstance(found, LeftOut):
            left_out.append(found)
        else:
            seen.add(found.place.identity)
            images.append(found)
    studies = tuple(_studies(images, left_out))
    return Scan(studies, tuple(left_out))


def _look_through(paths: Sequence[Path], seen: Container[Identity]) -> Iterator[_Image | LeftOut]:
    for entry in find_files(paths):
        found = _look_at(entry, seen)
        if isinstance(found, LeftOut) and found.code is Code.NOT_DICOM and is_archive(found.path):
            yield from (_look_at(member, seen) for member in members(found.path))
        else:
            yield found


def _look_at(path: Path | LeftOut, seen: Container[Identity]) -> _Image | LeftOut:
    if isinstance(path, LeftOut):
        return path
    place = glimpse(path)
    if place is None:
        found = _parsed(path, glance_at)
        if isinstance(found, LeftOut):
            return found
        place = found
    if not place.has_image:
        return LeftOut(path, Code.NOT_IMAGE, _named(place.storage_class))
    if not (place.study and place.series and place.uid):
        return LeftOut(path, Code.NOT_DICOM, "A study, series or instance UID is missing.")
    if place.identity in seen:
        return LeftOut(path, Code.DUPLICATE, "Its instance was read from another file.")
    return _Image(path, place)


def _parsed(path: Path, look: Callable[[Dataset], Seen]) -> Seen | LeftOut:
    """What a look at a file's header tells, where pydicom can parse it."""
    try:
        header = read_header(path, TAGS)
    except InputError as error:
        return LeftOut(path, error.code, error.message)
    try:
        with quiet():
            return look(header)
    except Exception:  # an element is only parsed when asked for, and may prove damaged then
        return LeftOut(path, Code.TRUNCATED, "The header is damaged.")


def _named(storage_class: str) -> str:
    # What is no registered class may be any text, so it is not repeated.
    name = storage_name(storage_class)
    return f"{name}." if name != storage_class else "Not an image."


def _studies(images: Iterable[_Image], left_out: list[LeftOut]) -> Iterator[Study]:
    by_series = attrgetter("place.study", "place.series")
    ordered = sorted(images, key=lambda image: (*by_series(image), *_order(image)))
    for uid, of_study in groupby(ordered, attrgetter("place.study")):
        grouped = (list(group) for _, group in groupby(of_study, attrgetter("place.series")))
        series = [one for one in (_series(group, left_out) for group in grouped) if one]
        if series:
            yield Study(uid, tuple(sorted(series, key=lambda one: (one.number, one.uid))))


def _order(image: _Image) -> tuple[int, str]:
    return image.place.number, image.place.uid


def _series(images: Sequence[_Image], left_out: list[LeftOut]) -> Series | None:
    """The series, described by its first header that can be parsed; one that cannot is left out."""
    for number, image in enumerate(images):
        acquisition = _parsed(image.path, read_acquisition)
        if not isinstance(acquisition, LeftOut):
            first = image.place
            return Series(
                uid=first.series,
                number=first.series_number,
                frame_of_reference=first.frame_of_reference,
                acquisition=acquisition,
                instances=tuple(map(_instance, images[number:])),
            )
        left_out.append(acquisition)
    return None


def _instance(image: _Image) -> Instance:
    place = image.place
    return Instance(image.path, uid=place.uid, number=place.number, frames=place.frames)
