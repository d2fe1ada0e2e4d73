"""Headers for those who refer to a series' images: in order, and as good as parsed whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.dicom.read.characters import TEXTS
from pipeline.dicom.read.header import read_header
from pipeline.dicom.read.plane import PLACING
from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import load
from pipeline.errors import InputError
from pipeline.study import Series
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
        assert header.PatientName == "Secret^Sam"


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
            named = (*PLACING, *TEXTS, "StudyInstanceUID", "SeriesInstanceUID")
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
    [("ISO_IR 100", "Müller^Zoë"), (["", "ISO 2022 IR 87"], "山田^太郎"), ("ISO_IR 144", "Люк")],
)
def test_a_name_beyond_ascii_is_read_in_its_character_set(
    tmp_path: Path, declared: object, name: str
) -> None:
    datasets = mr_series()
    for dataset in datasets:
        dataset.SpecificCharacterSet, dataset.PatientName = declared, name
    write(datasets, tmp_path)
    assert {str(one.PatientName) for one in reference_headers(series_of(tmp_path))} == {name}


def test_the_first_header_is_whole(tmp_path: Path) -> None:
    write(mr_series(), tmp_path)
    assert reference_headers(series_of(tmp_path))[0].SeriesDescription == "t1_se_tra"
