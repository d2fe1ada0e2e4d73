from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydicom import Dataset
from pydicom.config import disable_value_validation
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RawDataStorage

from pipeline.dicom.write.save import save
from pipeline.errors import InputError, OutputError


def an_object() -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = RawDataStorage, "2.25.1"
    return dataset


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
    with pytest.raises(InputError, match="encoded") as refusal:  # ends its study, not the batch
        save(broken, path)
    assert "70000" not in "".join(traceback.format_exception(refusal.value))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
