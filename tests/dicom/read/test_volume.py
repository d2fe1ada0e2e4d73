from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume
from numpy.typing import NDArray
from pydicom import FileDataset, dcmwrite
from pydicom.dataelem import RawDataElement
from pydicom.encaps import encapsulate
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLosslessSV1,
    RLELossless,
    generate_uid,
)

from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import fingerprint, load
from pipeline.errors import Code, InputError
from pipeline.study import Series
from tests.dicom.synthetic import SAGITTAL, mr_series, store, write

Spoil = Callable[[list[FileDataset]], object]


def series_of(datasets: list[FileDataset], folder: Path) -> Series:
    write(datasets, folder)
    return scan([folder]).studies[0].series[0]


def code_of(series: Series) -> Code:
    with pytest.raises(InputError) as caught:
        load(series)
    return caught.value.code


def pack(datasets: list[FileDataset]) -> list[FileDataset]:
    for dataset in datasets:
        dataset.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    return datasets


def test_every_voxel_has_its_value_and_place(tmp_path: Path) -> None:
    volume = load(series_of(mr_series(), tmp_path))
    assert (volume.shape, volume.dtype) == ((20, 6, 5), np.float32)
    # Slice 7 of the file, row 2, column 3 lies at x = -20 + 3·1.5, y = -30 + 2·2, z = 7·4.
    index = np.argwhere(volume.array == 723)
    np.testing.assert_allclose(volume.map_indices_to_reference(index), [[-15.5, -26.0, 28.0]])
    assert volume.frame_of_reference_uid == mr_series(slices=1)[0].FrameOfReferenceUID


def test_indices_make_a_right_handed_frame(tmp_path: Path) -> None:
    volume = load(series_of(mr_series(), tmp_path))
    assert np.linalg.det(volume.affine[:3, :3]) > 0


def test_each_slice_is_rescaled_by_its_own_slope(tmp_path: Path) -> None:
    datasets = mr_series()
    for number, dataset in enumerate(datasets):
        dataset.RescaleSlope, dataset.RescaleIntercept = 0.5 * (number + 1), -3
    volume = load(series_of(datasets, tmp_path))
    assert volume.array.max() == 0.5 * 20 * (1900 + 54) - 3
    assert volume.array.min() == -3


def test_compressed_and_plain_series_load_alike(tmp_path: Path) -> None:
    plain = load(series_of(mr_series(), tmp_path / "plain"))
    packed = load(series_of(pack(mr_series()), tmp_path / "packed"))
    assert fingerprint(packed) == fingerprint(plain)


def test_positions_rounded_to_a_tenth_of_a_millimetre_are_regular_enough(tmp_path: Path) -> None:
    datasets = mr_series()
    for number, dataset in enumerate(datasets):
        dataset.ImagePositionPatient = [-20.0, -30.0, round(0.9375 * number, 1)]
    assert load(series_of(datasets, tmp_path)).spacing[0] == pytest.approx(0.9375, abs=0.01)


def test_a_series_without_frame_of_reference_still_loads(tmp_path: Path) -> None:
    datasets = mr_series()
    for dataset in datasets:
        del dataset.FrameOfReferenceUID
    assert load(series_of(datasets, tmp_path)).frame_of_reference_uid is None


def test_a_frame_of_reference_is_as_absent_where_it_is_empty(tmp_path: Path) -> None:
    datasets = mr_series()
    for dataset in datasets:
        del dataset.FrameOfReferenceUID
    datasets[3].FrameOfReferenceUID = ""
    assert load(series_of(datasets, tmp_path)).frame_of_reference_uid is None


@pytest.mark.parametrize("encoding", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_files_older_than_their_preamble_load_alike(tmp_path: Path, encoding: UID) -> None:
    plain = load(series_of(mr_series(), tmp_path / "plain"))
    datasets, folder = mr_series(), tmp_path / "old"
    for dataset in datasets:
        dataset.file_meta.TransferSyntaxUID = encoding
    for path in write(datasets, folder):
        data = path.read_bytes()
        length = int.from_bytes(data[140:144], "little")
        path.write_bytes(data[144 + length :])
    assert fingerprint(load(scan([folder]).studies[0].series[0])) == fingerprint(plain)


def _halves(dataset: FileDataset, syntax: UID) -> tuple[bytes, bytes]:
    """A file in `syntax`: up to the end of its meta header, and the rest."""
    dataset.file_meta.TransferSyntaxUID, whole = syntax, BytesIO()
    dcmwrite(whole, dataset, enforce_file_format=True)
    data = whole.getvalue()
    end = 144 + int.from_bytes(data[140:144], "little")
    return data[:end], data[end:]


def test_explicit_files_that_call_themselves_implicit_load_alike(tmp_path: Path) -> None:
    plain = load(series_of(mr_series(), tmp_path / "plain"))
    datasets, folder = mr_series(), tmp_path / "misnamed"
    folder.mkdir()
    for number, dataset in enumerate(datasets):
        meta, _ = _halves(dataset, ImplicitVRLittleEndian)
        _, body = _halves(dataset, ExplicitVRLittleEndian)
        (folder / f"{number}.dcm").write_bytes(meta + body)
    assert fingerprint(load(scan([folder]).studies[0].series[0])) == fingerprint(plain)


def test_compressed_pixels_under_a_plain_syntax_are_refused(tmp_path: Path) -> None:
    datasets = mr_series()
    for dataset in datasets:
        dataset.file_meta.TransferSyntaxUID = JPEGLosslessSV1
        dataset.PixelData = encapsulate([dataset.PixelData])
    paths = write(datasets, tmp_path)
    plain = ExplicitVRLittleEndian.encode().ljust(len(JPEGLosslessSV1), b"\0")
    for path in paths:
        path.write_bytes(path.read_bytes().replace(JPEGLosslessSV1.encode(), plain))
    (series,) = scan([tmp_path]).studies[0].series
    assert code_of(series) is Code.DECODE


def drop(*numbers: int) -> Spoil:
    def spoil(datasets: list[FileDataset]) -> None:
        for number in sorted(numbers, reverse=True):
            del datasets[number]

    return spoil


def change(number: int, **attributes: object) -> Spoil:
    def spoil(datasets: list[FileDataset]) -> None:
        for keyword, value in attributes.items():
            setattr(datasets[number], keyword, value)

    return spoil


def remove(keyword: str) -> Spoil:
    return lambda datasets: delattr(datasets[4], keyword)


def grow_one_slice(datasets: list[FileDataset]) -> None:
    store(datasets[4], np.zeros((8, 8), np.uint16))


def two_echoes(datasets: list[FileDataset]) -> None:
    twins = mr_series()
    for twin in twins:
        twin.EchoTime = 90
        twin.SOPInstanceUID = twin.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    datasets.extend(twins)


def nan_for_a_slope(datasets: list[FileDataset]) -> None:
    tag = Tag("RescaleSlope")
    datasets[4][tag] = RawDataElement(tag, "DS", 4, b"nan ", 0, False, True)


def sagittal_slice(datasets: list[FileDataset]) -> None:
    datasets[4].ImageOrientationPatient = list(SAGITTAL)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (drop(9), Code.MISSING_SLICE),
        (drop(9, 10, 11), Code.MISSING_SLICE),
        (drop(*range(2, 20)), Code.TOO_FEW_SLICES),
        (change(4, ImagePositionPatient=[-20, -30, 12]), Code.DUPLICATE_SLICE),
        (change(4, ImagePositionPatient=[-20, -30, 17.5]), Code.MIXED_GEOMETRY),
        (change(4, ImagePositionPatient=[-10, -30, 16]), Code.MIXED_GEOMETRY),
        (change(4, PixelSpacing=[2.0, 2.0]), Code.MIXED_GEOMETRY),
        (change(4, ImageOrientationPatient=[0, 0, 0, 0, 0, 0]), Code.MIXED_ORIENTATION),
        (change(4, PixelSpacing=[2.0]), Code.NO_GEOMETRY),
        (change(0, PixelSpacing=[-2.0, 1.5]), Code.NO_GEOMETRY),
        (remove("SamplesPerPixel"), Code.DECODE),
        (remove("HighBit"), Code.DECODE),
        (change(4, FrameOfReferenceUID="1.2.3"), Code.MIXED_GEOMETRY),
        (nan_for_a_slope, Code.DECODE),
        (grow_one_slice, Code.MIXED_GEOMETRY),
        (sagittal_slice, Code.MIXED_ORIENTATION),
        (remove("ImagePositionPatient"), Code.NO_GEOMETRY),
        (remove("ImageOrientationPatient"), Code.NO_GEOMETRY),
        (remove("PixelSpacing"), Code.NO_GEOMETRY),
        (two_echoes, Code.SEVERAL_VOLUMES),
        (
            change(4, ImagePositionPatient=[-20, -30, 12], AcquisitionNumber=2),
            Code.SEVERAL_VOLUMES,
        ),
    ],
)
def test_a_series_that_is_not_one_volume_is_refused(
    tmp_path: Path, spoil: Spoil, expected: Code
) -> None:
    datasets = mr_series()
    spoil(datasets)
    assert code_of(series_of(datasets, tmp_path)) is expected


@pytest.mark.parametrize("orientation", [(0,) * 6, (1, 0, 0, 1, 0, 0), (2, 0, 0, 0, 2, 0)])
def test_impossible_directions_are_no_geometry(
    tmp_path: Path, orientation: tuple[float, ...]
) -> None:
    datasets = mr_series()
    for dataset in datasets:
        dataset.ImageOrientationPatient = list(orientation)
    assert code_of(series_of(datasets, tmp_path)) is Code.NO_GEOMETRY


def test_a_claim_of_too_many_voxels_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    # Compressed, so that the length of the pixel data does not give the claim away.
    datasets = pack(mr_series())
    for dataset in datasets:
        dataset.Rows = dataset.Columns = 60000
    assert code_of(series_of(datasets, tmp_path)) is Code.TOO_LARGE


def test_files_that_changed_since_the_scan_are_named_by_code(tmp_path: Path) -> None:
    series = series_of(mr_series(), tmp_path)
    path = series.instances[3].path
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert code_of(series) is Code.TRUNCATED
    path.unlink()
    assert code_of(series) is Code.VANISHED


def test_pixels_that_cannot_be_decoded_are_told_without_a_traceback(tmp_path: Path) -> None:
    datasets = pack(mr_series())
    datasets[4].PixelData = encapsulate([b"\xff" * 100])
    assert code_of(series_of(datasets, tmp_path)) is Code.DECODE


def test_errors_hold_no_identity(tmp_path: Path) -> None:
    datasets = mr_series()
    drop(9)(datasets)
    with pytest.raises(InputError) as caught:
        load(series_of(datasets, tmp_path))
    assert not any(secret in str(caught.value) for secret in ("Secret", "Sam", "S-1", "1970"))


def test_fingerprint_depends_on_pixels_and_geometry_and_nothing_else(tmp_path: Path) -> None:
    volume = load(series_of(mr_series(), tmp_path))
    brighter, moved, nudged = volume.array.copy(), volume.affine.copy(), volume.affine.copy()
    brighter[3, 2, 1] += 1
    moved[0, 3] += 0.001
    nudged[0, 3] += 1e-7
    one = fingerprint(volume)
    assert one.startswith("sha256:")
    assert len(one) == 71
    assert fingerprint(at(volume.affine, brighter)) != one
    assert fingerprint(at(moved, volume.array)) != one
    assert fingerprint(at(nudged, volume.array)) == one
    assert fingerprint(at(volume.affine, volume.array.astype(np.float64))) == one


def at(affine: NDArray[np.float64], array: NDArray[np.floating]) -> Volume:
    return Volume(array, affine, coordinate_system="PATIENT")


@pytest.mark.parametrize(
    ("folder", "number", "expected"),
    [
        ("philips_mixed", 2001, Code.SEVERAL_VOLUMES),
        ("philips_enhanced_epi", 6, Code.SEVERAL_VOLUMES),
        ("philips_enhanced_epi", 801, Code.SEVERAL_VOLUMES),
        ("transfer_syntaxes", 1, Code.SEVERAL_VOLUMES),
        ("siemens_enhanced_mixed", 22, Code.COLOUR),
    ],
)
def test_real_series_of_several_volumes_or_colour_are_refused(
    real_dicom: Path, folder: str, number: int, expected: Code
) -> None:
    members = [one for study in scan([real_dicom / folder]).studies for one in study.series]
    assert [code_of(one) for one in members if one.number == number] == [expected]
