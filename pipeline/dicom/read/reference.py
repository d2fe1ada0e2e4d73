"""List the headers that a volume was made from, for whoever refers to its images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.read.arrange import arrange, of_image
from pipeline.dicom.read.characters import keep_bytes
from pipeline.dicom.read.header import quiet, read_header
from pipeline.dicom.read.source import read_named
from pipeline.errors import Code, InputError
from pipeline.study import Instance, Series


def reference_headers(series: Series) -> list[Dataset]:
    """List the headers of a series in its volume's slice order, without pixel data.

    The first is whole; of the others what places and names the image and its patient is sure to be
    there. An enhanced series gives one header for each file, ordered by its first slice. Raises
    InputError as `load` does.
    """
    headers = _headers(read_named, series.instances)
    order = dict.fromkeys(plane.instance for plane in arrange(series, headers).planes)
    first, *rest = order
    return [*_headers(read_header, [series.instances[first]]), *(headers[one] for one in rest)]


def _headers(read: Callable[[Path], Dataset], instances: Iterable[Instance]) -> list[Dataset]:
    headers = [of_image(one, read, one.path) for one in instances]
    try:
        with quiet():
            for header in headers:
                keep_bytes(header)
    except Exception as error:  # a damaged element is only met when asked for
        raise InputError(Code.TRUNCATED, "A slice has a damaged header.") from error
    return headers
