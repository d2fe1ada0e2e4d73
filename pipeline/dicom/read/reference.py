"""List the headers that a volume was made from, for whoever refers to its images."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.read.arrange import arrange, of_image
from pipeline.dicom.read.characters import keep_bytes
from pipeline.dicom.read.header import quiet, read_header
from pipeline.dicom.read.source import named
from pipeline.errors import Code, InputError
from pipeline.study import Series


def reference_headers(series: Series) -> list[Dataset]:
    """List the headers of a series in its volume's slice order, without pixel data.

    The first is whole; of the others what places and names the image and its patient is sure to be
    there. An enhanced series gives one header for each file, ordered by its first slice. Raises
    InputError as `load` does.
    """
    headers = [of_image(one, _header, one.path) for one in series.instances]
    order = dict.fromkeys(plane.instance for plane in arrange(series, headers).planes)
    first, *rest = order
    whole = of_image(series.instances[first], _whole, series.instances[first].path)
    return [whole, *(headers[index] for index in rest)]


def _header(path: Path) -> Dataset:
    return named(path) or _whole(path)


def _whole(path: Path) -> Dataset:
    header = read_header(path)
    try:
        with quiet():
            keep_bytes(header)
    except Exception as error:  # a damaged element is only met when asked for
        raise InputError(Code.TRUNCATED, "The header is damaged.") from error
    return header
