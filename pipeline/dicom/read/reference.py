"""List the headers that a volume was made from, for whoever refers to its images."""

from __future__ import annotations

from pathlib import Path

from pydicom import Dataset

from pipeline.dicom.read.characters import keep_bytes
from pipeline.dicom.read.header import quiet, read_header
from pipeline.dicom.read.order import in_order
from pipeline.dicom.read.source import brief_header, of_image
from pipeline.errors import Code, InputError
from pipeline.study import Series


def reference_headers(series: Series) -> list[Dataset]:
    """List the headers of a series in its volume's slice order, without pixel data.

    The first is whole. Of the others no more is sure to be there than what places the image and
    names it, its series and the patient's ID. An enhanced series gives one header for each file,
    ordered by its first slice. Raises InputError as `load` does.
    """
    brief = [brief_header(one.path) for one in series.instances]
    headers = [
        of_image(one, _full, one.path) if header is None else header
        for one, header in zip(series.instances, brief, strict=True)
    ]
    first, *rest = dict.fromkeys(plane.instance for plane in in_order(series, headers).planes)
    if brief[first] is not None:
        one = series.instances[first]
        headers[first] = of_image(one, _full, one.path)
    return [headers[index] for index in (first, *rest)]


def _full(path: Path) -> Dataset:
    header = read_header(path)
    try:
        with quiet():
            keep_bytes(header)
    except Exception as error:  # a damaged element is only met when asked for
        raise InputError(Code.TRUNCATED, "The header is damaged.") from error
    return header
