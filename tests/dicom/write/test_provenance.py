from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, RawDataStorage

from pipeline.dicom.write.provenance import (
    Stamp,
    algorithm,
    contribute,
    derive_uid,
    read_provenance,
)
from pipeline.dicom.write.save import save
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
