from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.config import disable_value_validation
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import UID, ExplicitVRLittleEndian, RawDataStorage

from pipeline.dicom.provenance import (
    UNKNOWN_MOMENT,
    Stamp,
    algorithm,
    content_moment,
    contribute,
    copy_header,
    derive_uid,
    read_provenance,
    save,
)
from pipeline.errors import OutputError
from pipeline.result import ModuleRef

BUNDLE, WEIGHTS, CODE, CONTRACT, LOCK, PIXELS = (f"sha256:{digit * 64}" for digit in "123456")
TISSUE = ModuleRef("tissue", "1.2.0", 7, BUNDLE, WEIGHTS, CODE, CONTRACT)
STAMP = Stamp(TISSUE, LOCK, "0.1.0", (PIXELS,))


def an_object() -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = RawDataStorage, derive_uid("an object")
    return dataset


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_derived_uids_are_valid_repeatable_and_differ_when_the_parts_do(
    left: list[str], right: list[str]
) -> None:
    uid = UID(derive_uid(*left))
    assert uid.is_valid
    assert uid == derive_uid(*left)
    assert (uid == derive_uid(*right)) == (left == right)


def test_parts_are_told_apart_by_where_they_end() -> None:
    assert derive_uid("ab", "c") != derive_uid("a", "bc")


def test_a_stamp_survives_the_file(tmp_path: Path) -> None:
    tumour = replace(STAMP, module=replace(TISSUE, name="tumour", version="2.0.0-rc.1"), inputs=())
    dataset = an_object()
    contribute(dataset, [STAMP])
    contribute(dataset, [tumour])
    save(dataset, tmp_path / "object.dcm")
    assert read_provenance(dcmread(tmp_path / "object.dcm")) == (STAMP, tumour)


def test_a_stamp_of_seven_inputs_still_fits() -> None:
    dataset, stamp = an_object(), replace(STAMP, inputs=(PIXELS,) * 7)
    contribute(dataset, [stamp])
    assert read_provenance(dataset) == (stamp,)
    assert len(dataset.ContributingEquipmentSequence[0].ContributionDescription) <= 1024


def test_contributing_equipment_says_who_and_why() -> None:
    dataset = an_object()
    contribute(dataset, [STAMP])
    (item,) = dataset.ContributingEquipmentSequence
    (purpose,) = item.PurposeOfReferenceCodeSequence
    assert (purpose.CodeValue, purpose.CodingSchemeDesignator) == ("109102", "DCM")
    assert (item.Manufacturer, item.ManufacturerModelName) == ("Tessera", "tessera.tissue")
    assert list(item.SoftwareVersions) == ["1.2.0", "0.1.0"]


@pytest.mark.parametrize(
    ("manufacturer", "description"),
    [
        ("Somebody else", "module=tissue;version=1.0.0"),
        ("Tessera", ""),
        ("Tessera", "made by hand"),
        ("Tessera", "module=tissue;version=1.2.0;mlflow_version=seven"),
    ],
)
def test_items_that_are_no_stamp_are_passed_over(manufacturer: str, description: str) -> None:
    item, dataset = Dataset(), an_object()
    item.Manufacturer, item.ContributionDescription = manufacturer, description
    dataset.ContributingEquipmentSequence = [item]
    contribute(dataset, [STAMP])
    assert read_provenance(dataset) == (STAMP,)


def test_an_object_that_names_nobody_has_no_provenance() -> None:
    assert read_provenance(an_object()) == ()


def test_the_algorithm_is_named_with_its_digests() -> None:
    (item,) = algorithm(STAMP)
    assert item.AlgorithmFamilyCodeSequence[0].CodeMeaning == "Artificial Intelligence"
    assert (item.AlgorithmName, item.AlgorithmVersion) == ("tessera.tissue", "1.2.0")
    assert item.AlgorithmParameters == f"bundle={BUNDLE},weights={WEIGHTS},lock={LOCK}"


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ({"SeriesDate": "20200102", "SeriesTime": "101112.5"}, ("20200102", "101112.5")),
        ({"StudyDate": "20200101", "SeriesTime": "101112"}, ("20200101", "000000")),
        ({"SeriesDate": "ANON", "StudyDate": "20200101"}, ("20200101", "000000")),
        ({"SeriesDate": "20200102", "SeriesTime": "noon"}, ("20200102", "000000")),
        ({}, UNKNOWN_MOMENT),
    ],
)
def test_content_takes_its_moment_from_the_source(
    header: dict[str, str], moment: tuple[str, str]
) -> None:
    source = Dataset()
    for keyword, value in header.items():
        source[keyword] = _raw(keyword, value)
    assert content_moment(source) == moment


def _raw(keyword: str, value: str) -> RawDataElement:
    tag, encoded = Tag(keyword), value.encode()
    return RawDataElement(tag, dictionary_VR(tag), len(encoded), encoded, 0, False, True)


def test_a_changed_copy_leaves_the_header_alone() -> None:
    source = Dataset()
    source.PatientID, source.Rows = "S-1", 4
    copy = copy_header(source, PatientID=None, Columns=5)
    assert (copy.PatientID, copy.Rows, copy.Columns) == (None, 4, 5)
    assert (source.PatientID, "Columns" in source) == ("S-1", False)


def test_a_folder_that_is_missing_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        save(an_object(), tmp_path / "nowhere" / "object.dcm")


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "object.dcm"
    save(an_object(), path)
    before = path.read_bytes()
    broken = an_object()
    with disable_value_validation():
        broken.add_new("Rows", "US", 70_000)  # does not fit in two bytes
    with pytest.raises(OutputError, match="encoded") as refusal:
        save(broken, path)
    assert "70000" not in "".join(traceback.format_exception(refusal.value))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
