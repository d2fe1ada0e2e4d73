"""Headers for those who refer to a series' images: in order, and as good as parsed whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from pipeline.dicom.read.header import read_header
from pipeline.dicom.read.plane import PLACING
from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.dicom.write.identity import require_one_patient
from pipeline.errors import Code, InputError
from pipeline.study import Series
from tests.dicom.oracle.catalogue import samples
from tests.dicom.oracle.phantom import write as write_sample
from tests.dicom.synthetic import mr_series, write


def series_of(folder: Path) -> Series:
    return scan([folder]).studies[0].series[0]


def test_reference_headers_come_in_the_volumes_slice_order(tmp_path: Path) -> None:
    write(mr_series(), tmp_path)
    series = series_of(tmp_path)
    volume, headers = load(series), reference_headers(series)
    for index, header in enumerate(headers):
        place = volume.map_indices_to_reference(np.array([[index, 0, 0]]))[0]
        np.testing.assert_allclose(place, header.ImagePositionPatient)
        assert "PixelData" not in header
        assert header.PatientID == "S-1"


def test_real_slices_lie_where_their_headers_say(real_dicom: Path) -> None:
    for folder in ("ge_pd_axial", "siemens_hfp", "siemens_hfdl"):
        (series,) = scan([real_dicom / folder]).studies[0].series
        volume, headers = load(series), reference_headers(series)
        indices = np.array([[index, 0, 0] for index in range(len(headers))])
        expected = np.array([header.ImagePositionPatient for header in headers], float)
        # GE rounds positions to a tenth of a millimetre.
        np.testing.assert_allclose(volume.map_indices_to_reference(indices), expected, atol=0.1)


def test_what_names_an_image_is_the_same_as_in_its_whole_header(real_dicom: Path) -> None:
    compared = 0
    for series in readable(real_dicom):
        whole = {read_header(one.path).SOPInstanceUID: one.path for one in series.instances}
        for header in reference_headers(series):
            full = read_header(whole[header.SOPInstanceUID])
            named = (*PLACING, "PatientID", "SeriesInstanceUID")
            assert [header.get(name) for name in named] == [full.get(name) for name in named]
            compared += 1
    assert compared > 300


def readable(folder: Path) -> Iterator[Series]:
    for study in scan([folder]).studies:
        for series in study.series:
            try:
                load(series)
            except InputError:
                continue
            yield series


@pytest.mark.parametrize(
    ("declared", "name"),
    [("ISO_IR 100", "Müller"), (["", "ISO 2022 IR 87"], "山田"), ("ISO_IR 144", "Люк")],
)
def test_an_id_beyond_ascii_is_read_in_its_character_set(
    tmp_path: Path, declared: object, name: str
) -> None:
    datasets = mr_series()
    for dataset in datasets:
        dataset.SpecificCharacterSet, dataset.PatientID = declared, name
    write(datasets, tmp_path)
    assert {one.PatientID for one in reference_headers(series_of(tmp_path))} == {name}


def test_the_patient_of_every_slice_is_known(tmp_path: Path) -> None:
    datasets = mr_series()
    datasets[7].PatientID = "S-2"
    write(datasets, tmp_path)
    headers = reference_headers(series_of(tmp_path))
    assert [header.PatientID for header in headers].count("S-2") == 1
    with pytest.raises(InputError) as caught:
        require_one_patient(headers)
    assert caught.value.code is Code.SEVERAL_PATIENTS


def test_the_first_header_is_whole(tmp_path: Path) -> None:
    write(mr_series(), tmp_path)
    assert reference_headers(series_of(tmp_path))[0].SeriesDescription == "t1_se_tra"


@pytest.mark.parametrize(("name", "reads"), [("enhanced, per-frame groups", 1), ("plain", 1)])
def test_no_file_is_parsed_twice(
    tmp_path: Path, name: str, reads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "plain":
        write(mr_series(), tmp_path)
    else:
        write_sample(next(sample for sample in samples() if sample.name == name), tmp_path)
    series, parsed = series_of(tmp_path), list[Path]()

    def noting(path: Path) -> Dataset:
        parsed.append(path)
        return read_header(path)

    monkeypatch.setattr("pipeline.dicom.read.reference.read_header", noting)
    reference_headers(series)
    assert len(parsed) == reads


def test_functional_groups_in_a_classic_image_are_heeded(tmp_path: Path) -> None:
    datasets = mr_series()
    elsewhere, position = Dataset(), Dataset()
    position.ImagePositionPatient = [0.0, 0.0, 500.0]
    elsewhere.PlanePositionSequence = [position]
    datasets[5].PerFrameFunctionalGroupsSequence = [elsewhere]
    write(datasets, tmp_path)
    series = series_of(tmp_path)
    for read in (load, reference_headers):
        with pytest.raises(InputError) as caught:
            read(series)
        assert caught.value.code is Code.MISSING_SLICE
