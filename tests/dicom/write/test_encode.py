"""What is encoded here is, byte for byte, what pydicom writes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.config import IGNORE
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RawDataStorage,
    SegmentationStorage,
)

from pipeline.dicom.write.encode import element, encode_file, item

WORDS = st.text("aZ9 .^-", max_size=9)
WIDE = st.text("aéß", min_size=1, max_size=5)
VALUES = {
    "CS": st.sampled_from(["", "YES", "ORIGINAL"]),
    "LO": st.one_of(WORDS, WIDE, st.lists(WORDS, min_size=2, max_size=3)),
    "UT": WORDS,
    "PN": st.one_of(WORDS, WIDE),
    "UI": st.sampled_from(["1.2.3", "1.2.34", ""]),
    "DA": st.sampled_from(["20260102", ""]),
    "DS": st.one_of(
        st.sampled_from(["1.50", " 7", ""]),
        st.lists(st.integers(-9, 9).map(lambda n: n / 4), min_size=2, max_size=3),
    ),
    "IS": st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from(["007", ""])),
    "US": st.one_of(st.integers(0, 65535), st.lists(st.integers(0, 65535), min_size=2, max_size=4)),
    "SS": st.integers(-32768, 32767),
    "UL": st.integers(0, 2**32 - 1),
    "FD": st.floats(allow_nan=False),
    "AT": st.sampled_from([Tag(0x00620007), Tag(0x00200032)]),
    "OB": st.binary(max_size=5),
}


def elements(depth: int) -> st.SearchStrategy[list[tuple[str, object]]]:
    """VR and value of a dataset's elements; sequences hold such lists again."""
    pairs = [st.tuples(st.just(vr), value) for vr, value in VALUES.items()]
    if depth:
        pairs.append(st.tuples(st.just("SQ"), st.lists(elements(depth - 1), max_size=2)))
    return st.lists(st.one_of(pairs), max_size=6)


def made(content: list[tuple[str, object]]) -> Dataset:
    dataset = Dataset()
    for number, (vr, value) in enumerate(content):
        held = [made(item) for item in value] if vr == "SQ" else value
        tag = Tag(0x0099, 0x1000 + number * 2)
        dataset[tag] = DataElement(tag, vr, held, validation_mode=IGNORE)
    return dataset


def an_object(content: Dataset) -> Dataset:
    content.file_meta = FileMetaDataset()
    content.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    content.SOPClassUID, content.SOPInstanceUID = RawDataStorage, "2.25.1"
    return content


def by_pydicom(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@given(elements(2), st.sampled_from(["", "ISO_IR 192", "ISO_IR 100"]))
def test_any_object_is_what_pydicom_makes_of_it(
    content: list[tuple[str, object]], characters: str
) -> None:
    dataset = an_object(made(content))
    if characters:
        dataset.SpecificCharacterSet = characters
    assert encode_file(dataset) == by_pydicom(dataset)


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (0x0008_0104, "LO", b"a\xe9\xe9b"),  # no UTF-8
        (0x0099_1010, "FD", b"odd 6 "),
        (0x0008_0100, "SH", b"A   "),
    ],
)
def test_what_was_read_from_a_file_keeps_its_bytes(tag: int, vr: str, value: bytes) -> None:
    dataset = an_object(Dataset())
    dataset.SpecificCharacterSet = "ISO_IR 192"
    sequence = element(0x0008_1032, "SQ", item(element(tag, vr, value)))
    source = dcmread(io.BytesIO(encode_file(dataset) + sequence))
    dataset.ProcedureCodeSequence = source.ProcedureCodeSequence
    assert sequence in encode_file(dataset)
    assert encode_file(dataset) == by_pydicom(dataset)


def test_an_item_that_names_no_character_set_is_in_the_default_one() -> None:
    code, dataset = made([("LO", "é")]), an_object(Dataset())
    code.add_new("SpecificCharacterSet", "CS", "")
    dataset.SpecificCharacterSet, dataset.ProcedureCodeSequence = "ISO_IR 192", [code]
    assert encode_file(dataset) == by_pydicom(dataset)


def test_lengths_of_groups_are_no_longer_written() -> None:
    dataset = an_object(Dataset())
    dataset.add_new(0x0008_0000, "UL", 4)
    assert encode_file(dataset) == by_pydicom(dataset)


@pytest.mark.parametrize("vr", ["US", "FD", "LO", "DS", "UI"])
def test_an_empty_value_has_no_length(vr: str) -> None:
    dataset = an_object(made([(vr, "")]))
    assert encode_file(dataset) == by_pydicom(dataset)


def test_a_number_is_no_text() -> None:
    dataset = an_object(made([("LO", 1)]))
    with pytest.raises(TypeError):
        encode_file(dataset)


def test_a_text_too_long_for_its_length_field_is_left_to_pydicom() -> None:
    dataset = an_object(Dataset())
    dataset.add_new("TextValue", "UT", "x" * 70_001)
    assert encode_file(dataset) == by_pydicom(dataset)
    dataset.add_new("DimensionIndexValues", "UL", list(range(20_000)))
    with pytest.warns(UserWarning, match="64 kByte"):
        ours = encode_file(dataset)
    with pytest.warns(UserWarning, match="64 kByte"):
        assert ours == by_pydicom(dataset)


def test_what_a_value_is_can_depend_on_other_elements() -> None:
    dataset = an_object(Dataset())
    dataset.SOPClassUID, dataset.PixelRepresentation = SegmentationStorage, 1
    dataset.SmallestImagePixelValue, dataset.BitsAllocated = -3, 1
    dataset.PixelData = np.zeros(3, np.uint8).tobytes()
    assert encode_file(dataset) == by_pydicom(dataset)


def test_only_explicit_little_endian_is_written() -> None:
    dataset = an_object(Dataset())
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    with pytest.raises(ValueError, match="explicit"):
        encode_file(dataset)
