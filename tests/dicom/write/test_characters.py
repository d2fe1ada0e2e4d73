"""What names a patient reaches SEG and SR byte for byte, in whatever characters it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread

from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.write.sr.section import Section
from pipeline.types import Prediction, Role
from tests.dicom.synthetic import mr_series
from tests.dicom.synthetic import write as write_slices
from tests.dicom.write.seg import drawn
from tests.dicom.write.sr import said

PLACE = b"PLACEHOLDERS"


def source(folder: Path, characters: object, name: bytes) -> tuple[Dataset, list[Dataset]]:
    """A series whose patient's name and ID are `name`, whatever set is declared."""
    datasets = mr_series(slices=4)
    for dataset in datasets:
        dataset.PatientName = dataset.PatientID = PLACE.decode()
        dataset.SpecificCharacterSet = characters
    for path in write_slices(datasets, folder):
        path.write_bytes(path.read_bytes().replace(PLACE, name.ljust(len(PLACE))))
    (series,) = scan([folder]).studies[0].series
    volume = load(series)
    labels = volume.with_array(np.ones(volume.spatial_shape, np.uint8))
    return labels, reference_headers(series)


@pytest.mark.parametrize(
    ("declared", "name", "kept"),
    [
        ("ISO_IR 100", "Müller^Zoë".encode("latin-1"), "ISO_IR 100"),
        ("ISO_IR 192", "Müller^Zoë".encode(), "ISO_IR 192"),
        ("ISO_IR 144", "Иванов".encode("iso8859-5"), "ISO_IR 144"),
        (["", "ISO 2022 IR 87"], b"\x1b$B;3ED\x1b(B", ["", "ISO 2022 IR 87"]),
        # Not what it says: no reader could show it, but no byte may be lost.
        ("ISO_IR 192", "Müller^Zoë".encode("latin-1"), "ISO_IR 100"),
        ("GB18030", b"Wang\xff\xff", "ISO_IR 100"),
    ],
)
def test_every_byte_of_a_name_survives(
    tmp_path: Path, declared: object, name: bytes, kept: object
) -> None:
    labels, sources = source(tmp_path / "source", declared, name)
    seg, report = tmp_path / "seg.dcm", tmp_path / "report.dcm"
    drawn.write(seg, labels, sources)
    section = Section(said.stamp("tissue"), Prediction(), Role.T1)
    said.write(report, section, sources={Role.T1: sources})
    for path in (seg, report):
        assert path.read_bytes().count(name) == 2
        assert dcmread(path).SpecificCharacterSet == kept
    assert drawn.complaints(seg) == []
    assert said.complaints(report) == []
