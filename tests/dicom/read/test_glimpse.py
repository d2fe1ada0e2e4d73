"""The quick look and pydicom's give the same answer."""

from __future__ import annotations

from pathlib import Path

import pydicom.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.uid import MRImageStorage

from pipeline.dicom.read import scan as scanning
from pipeline.dicom.read.glance import glance_at
from pipeline.dicom.read.glimpse import glimpse
from pipeline.dicom.read.header import quiet, read_header, read_image
from pipeline.dicom.read.plane import PLACING, planes_of
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.source import WANTED, _walked
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import Sample, write
from tests.dicom.synthetic import mr_series
from tests.dicom.synthetic import write as write_slices

PYDICOMS = Path(pydicom.data.__file__).parent / "test_files"


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def scanned_by_pydicom(folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(scanning, "glimpse", lambda path: None)
        return scan([folder])


def agree(folder: Path) -> int:
    """How many files the quick look answers, each of them as pydicom does."""
    answered = 0
    for path in files(folder):
        quick = glimpse(path)
        if quick is not None:
            with quiet():
                assert quick == glance_at(read_header(path)), path.name
            answered += 1
    return answered


def test_on_pydicoms_own_files(monkeypatch: pytest.MonkeyPatch) -> None:
    assert agree(PYDICOMS) > 60
    assert scan([PYDICOMS]) == scanned_by_pydicom(PYDICOMS, monkeypatch)


def test_on_real_files(real_dicom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert agree(real_dicom) > 380
    assert scan([real_dicom]) == scanned_by_pydicom(real_dicom, monkeypatch)


@pytest.mark.parametrize("sample", list(samples()), ids=lambda sample: sample.name)
def test_on_synthesised_files(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sample, tmp_path)
    unusual = any(word in sample.name for word in ("deflated", "big endian", "padding"))
    assert agree(tmp_path) == (0 if unusual else len(files(tmp_path)))
    assert scan([tmp_path]) == scanned_by_pydicom(tmp_path, monkeypatch)


def test_what_places_an_image_is_the_same_walked_or_parsed(real_dicom: Path) -> None:
    walked = 0
    for path in files(real_dicom)[::7]:
        found = _walked(path, WANTED)
        if found is not None:
            header, extent = read_image(path, PLACING)
            assert found[1] == extent
            assert list(planes_of(found[0], 0)) == list(planes_of(header, 0))
            walked += 1
    assert walked > 40


@pytest.mark.parametrize("name", ["山田^太郎", "Люкceмбypг", "Müller^Zoë"])
def test_descriptions_keep_their_character_set(tmp_path: Path, name: str) -> None:
    sets = {"山": ["", "ISO 2022 IR 87"], "Л": "ISO_IR 144", "M": "ISO_IR 100"}
    datasets = mr_series()
    for dataset in datasets:
        dataset.SpecificCharacterSet = sets[name[0]]
        dataset.SeriesDescription = name
    write_slices(datasets, tmp_path)
    assert scan([tmp_path]).studies[0].series[0].acquisition.description == name


def test_a_zero_byte_before_a_value_is_no_padding(tmp_path: Path) -> None:
    (path,) = write_slices(mr_series(slices=1), tmp_path)
    known = MRImageStorage.encode()
    path.write_bytes(path.read_bytes().replace(known, b"\0" + known[1:]))
    assert glimpse(path) is None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_never_placed_elsewhere(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where bytes changed, the quick look declines, or both read the same places."""
    path = tmp_path_factory.getbasetemp() / "damaged.dcm"
    dataset: Dataset = mr_series(slices=1)[0]
    dataset.ReferencedImageSequence = [Dataset()]
    dataset.save_as(path, enforce_file_format=True)
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(132, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    path.write_bytes(raw)
    quick = glimpse(path)
    if quick is None:
        return
    try:
        header = read_header(path)
    except Exception:  # behind what the quick look needs; loading will tell
        return
    with quiet():
        assert quick == glance_at(header)
