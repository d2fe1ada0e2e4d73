"""Refer to images: by the hundred, so made of plain elements, what they have in common once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import highdicom.sr as hd
from pydicom import DataElement, Dataset
from pydicom.config import IGNORE
from pydicom.datadict import dictionary_VR
from pydicom.sr.coding import Code


def image_items(headers: Iterable[Dataset], name: Code) -> list[Dataset]:
    """Make a content item (IMAGE, contained) of each image, as highdicom would, named `name`."""
    common = (
        _element("RelationshipType", "CONTAINS"),
        _element("ValueType", "IMAGE"),
        _element("ConceptNameCodeSequence", [hd.CodedConcept.from_code(name)]),
    )
    return [
        _item(*common, _element("ReferencedSOPSequence", [reference(header)])) for header in headers
    ]


def evidence(headers: Sequence[Dataset]) -> list[Dataset]:
    """List images and other objects of one study, each once, by series in order of appearance."""
    series: dict[str, dict[str, Dataset]] = {}
    for header in headers:
        listed = series.setdefault(str(header.SeriesInstanceUID), {})
        listed.setdefault(str(header.SOPInstanceUID), reference(header))
    items = [
        _item(
            _element("SeriesInstanceUID", uid),
            _element("ReferencedSOPSequence", [*listed.values()]),
        )
        for uid, listed in series.items()
    ]
    study = _element("StudyInstanceUID", str(headers[0].StudyInstanceUID))
    return [_item(study, _element("ReferencedSeriesSequence", items))]


def reference(header: Dataset) -> Dataset:
    """Name the image of a header, by class and instance."""
    return _item(
        _element("ReferencedSOPClassUID", str(header.SOPClassUID)),
        _element("ReferencedSOPInstanceUID", str(header.SOPInstanceUID)),
    )


def _item(*elements: DataElement) -> Dataset:
    return Dataset({element.tag: element for element in elements})


def _element(keyword: str, value: object) -> DataElement:
    # Values are our own or were read from a file: nothing to validate.
    return DataElement(keyword, dictionary_VR(keyword), value, validation_mode=IGNORE)
