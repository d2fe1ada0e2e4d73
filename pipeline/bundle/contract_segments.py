"""The segments of a contract: numbered 1, 2, 3 …, as a DICOM segmentation asks, and named."""

from __future__ import annotations

from pipeline.bundle.contract_table import Table, is_text, listed, whole
from pipeline.types import Concept, Segment

LARGEST = 255  # of a label map in uint8


def read_segments(document: Table) -> tuple[Segment, ...]:
    """What the labels mean; none where the module gives no label map.

    Raises
    ------
    BundleError
        A field is missing or misspelt, numbers are not 1, 2, 3 … in order, or a name occurs twice.
    """
    tables = document.tables("segments")
    segments = tuple(_segment(table) for table in tables)
    names: set[str] = set()
    for number, (table, segment) in enumerate(zip(tables, segments, strict=True), 1):
        if segment.number != number:
            ordered = "Number the segments 1, 2, 3 … in order and without gaps."
            raise table.wrong("number", f"is {segment.number}, not {number}", ordered)
        if segment.name in names:
            said = f"is {segment.name!r}, as another segment's"
            raise table.wrong("name", said, "Give every segment a name of its own.")
        names.add(segment.name)
    return segments


def _segment(table: Table) -> Segment:
    colour = listed(whole(0, 255), (3,))
    red, green, blue = table.read("colour", colour, "three whole numbers from 0 to 255")
    return Segment(
        number=table.read("number", whole(1, LARGEST), f"a whole number from 1 to {LARGEST}"),
        name=table.text("name"),
        category=_concept(table, "category"),
        type=_concept(table, "type"),
        colour=(red, green, blue),
    )


def _concept(table: Table, key: str) -> Concept:
    text = listed(lambda value: is_text(value) and bool(value.strip()), (3,))
    return Concept(*table.read(key, text, "a code, its coding scheme and its meaning"))
