from __future__ import annotations

import os
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import (
    BasicTextSRStorage,
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
    RLELossless,
)

from pipeline.dicom.read.scan import scan
from pipeline.errors import Code
from pipeline.study import Scan
from tests.dicom.synthetic import mr_series, write


def reasons(found: Scan) -> dict[str, Code]:
    return {left.path.name: left.code for left in found.left_out}


def test_groups_files_into_studies_and_series_in_slice_order(tmp_path: Path) -> None:
    write(mr_series("one"), tmp_path / "a" / "b")
    write(mr_series("two", slices=4), tmp_path / "a")
    found = scan([tmp_path])
    assert [len(study.series) for study in found.studies] == [1, 1]
    assert sorted(study.series[0].frames for study in found.studies) == [4, 20]
    numbers = [instance.number for instance in found.studies[0].series[0].instances]
    assert numbers == sorted(numbers)


def test_result_does_not_depend_on_file_names_or_paths_order(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(mr_series("one"), first)
    write(mr_series("two"), second)
    assert scan([first, second]) == scan([second, first, first])


def test_every_file_is_read_or_left_out_with_a_reason(tmp_path: Path) -> None:
    paths = write(mr_series(), tmp_path)
    whole = paths[0].read_bytes()
    shutil.copy(paths[1], tmp_path / "zz-again.dcm")
    (tmp_path / "empty.dcm").touch()
    (tmp_path / "notes.txt").write_text("Nothing medical. " * 40)
    (tmp_path / "zz-half.dcm").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "zz-one-byte-short.dcm").write_bytes(whole[:-1])
    (tmp_path / "gone.dcm").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.dcm")
    found = scan([tmp_path])
    assert reasons(found) == {
        "zz-again.dcm": Code.DUPLICATE,
        "empty.dcm": Code.NOT_DICOM,
        "notes.txt": Code.NOT_DICOM,
        "zz-half.dcm": Code.TRUNCATED,
        "zz-one-byte-short.dcm": Code.TRUNCATED,
        "gone.dcm": Code.VANISHED,
        "pipe.dcm": Code.NOT_DICOM,
    }
    assert found.found == sum(1 for _ in tmp_path.iterdir())


@pytest.mark.parametrize("kept", [0.02, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99])
def test_a_file_cut_anywhere_is_left_out(tmp_path: Path, kept: float) -> None:
    (path,) = write(mr_series(slices=1), tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    assert reasons(scan([path])).keys() == {path.name}


def test_damaged_bytes_never_escape_as_a_traceback(tmp_path: Path) -> None:
    (path,) = write(mr_series(slices=1), tmp_path)
    whole = path.read_bytes()
    for position in range(128, len(whole) - 60, 7):
        path.write_bytes(whole[:position] + b"\xff\xff\xff\xff" + whole[position + 4 :])
        assert scan([path]).found == 1


def test_report_is_no_image_and_a_dataset_without_uids_no_dicom(tmp_path: Path) -> None:
    report, nameless = mr_series(slices=2)
    report.SOPClassUID = report.file_meta.MediaStorageSOPClassUID = BasicTextSRStorage
    for keyword in ("Rows", "Columns", "PixelData"):
        delattr(report, keyword)
    del nameless.SeriesInstanceUID
    (sr,), (orphan,) = write([report], tmp_path / "sr"), write([nameless], tmp_path / "orphan")
    assert reasons(scan([tmp_path])) == {sr.name: Code.NOT_IMAGE, orphan.name: Code.NOT_DICOM}


def test_what_stands_where_a_storage_class_should_is_not_repeated(tmp_path: Path) -> None:
    (report,) = mr_series(slices=1)
    for keyword in ("Rows", "Columns", "PixelData"):
        delattr(report, keyword)
    (path,) = write([report], tmp_path)
    known = MRImageStorage.encode()
    path.write_bytes(path.read_bytes().replace(known, b"Secret^Sam".ljust(len(known))))
    (left,) = scan([tmp_path]).left_out
    assert (left.code, left.detail) == (Code.NOT_IMAGE, "Not an image.")


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
def test_floating_point_pixels_are_not_taken_for_integers(tmp_path: Path, keyword: str) -> None:
    datasets = mr_series()
    for dataset in datasets:
        setattr(dataset, keyword, bytes(8 * dataset.Rows * dataset.Columns))
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 32, 32, 31
        del dataset.PixelData
    write(datasets, tmp_path)
    assert set(reasons(scan([tmp_path])).values()) == {Code.DECODE}


def test_implicit_and_deflated_files_and_files_without_preamble_are_read(tmp_path: Path) -> None:
    implicit, deflated, bare = mr_series(slices=3)
    implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    write([implicit, deflated], tmp_path)
    (path,) = write([bare], tmp_path)
    path.write_bytes(path.read_bytes()[132:])
    found = scan([tmp_path])
    assert found.left_out == ()
    assert found.studies[0].series[0].frames == 3


def test_compressed_pixels_cut_before_their_end_are_truncated(tmp_path: Path) -> None:
    (dataset,) = mr_series(slices=1)
    dataset.compress(RLELossless, encoding_plugin="pydicom")
    (path,) = write([dataset], tmp_path)
    assert scan([path]).left_out == ()
    path.write_bytes(path.read_bytes()[:-20])
    assert reasons(scan([path])) == {path.name: Code.TRUNCATED}


def test_links_to_folders_are_followed_without_going_round(tmp_path: Path) -> None:
    write(mr_series(slices=3), tmp_path / "data")
    (tmp_path / "data" / "up").symlink_to(tmp_path)
    (tmp_path / "elsewhere").symlink_to(tmp_path / "data")
    assert scan([tmp_path]).found == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_named(tmp_path: Path) -> None:
    (path,) = write(mr_series(slices=1), tmp_path)
    (tmp_path / "closed").mkdir(mode=0)
    path.chmod(0)
    expected = {path.name: Code.NO_PERMISSION, "closed": Code.NO_PERMISSION}
    assert reasons(scan([tmp_path])) == expected


def test_a_path_that_does_not_exist_is_left_out(tmp_path: Path) -> None:
    assert reasons(scan([tmp_path / "missing"])) == {"missing": Code.VANISHED}


def test_deep_trees_are_searched_to_the_bottom(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    write(mr_series(slices=1), deep)
    assert scan([tmp_path]).found == 1


def test_a_dicomdir_stands_for_its_folder(tmp_path: Path) -> None:
    write(mr_series(slices=3), tmp_path / "IMAGES")
    (tmp_path / "DICOMDIR").write_bytes(bytes(200))
    found = scan([tmp_path / "DICOMDIR"])
    assert found.found == 4
    assert found.studies[0].series[0].frames == 3


def test_one_identifier_on_different_images_loses_none(tmp_path: Path) -> None:
    datasets = mr_series("one", slices=5) + mr_series("two", slices=5)
    for dataset in datasets:
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    for number, dataset in enumerate(datasets):
        dataset.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
    found = scan([tmp_path])
    assert found.left_out == ()
    assert [study.series[0].frames for study in found.studies] == [5, 5]


def test_a_series_split_over_folders_is_one(tmp_path: Path) -> None:
    for number, dataset in enumerate(mr_series()):
        write([dataset], tmp_path / str(number % 3))
    assert scan([tmp_path]).studies[0].series[0].frames == 20


@pytest.mark.slow
def test_a_hundred_thousand_files_are_accounted_for(tmp_path: Path) -> None:
    paths = write(mr_series(slices=100), tmp_path / "first")
    for number in range(999):
        folder = tmp_path / f"copy{number}"
        folder.mkdir()
        for path in paths:
            os.link(path, folder / path.name)
    (tmp_path / "first" / "loop").symlink_to(tmp_path)
    found = scan([tmp_path])
    assert found.found == 100_000
    assert found.studies[0].series[0].frames == 100
    assert Counter(left.code for left in found.left_out) == {Code.DUPLICATE: 99_900}


@settings(max_examples=25, deadline=None)
@given(
    kinds=st.lists(
        st.sampled_from(["slice", "copy", "cut", "text", "empty", "report", "zip"]), max_size=12
    )
)
def test_whatever_lies_there_is_read_or_left_out(
    kinds: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    made = {"slice": 0, "zipped": 0}
    for number, kind in enumerate(kinds):
        dataset = mr_series(slices=number + 1)[-1]
        (path,) = write([dataset], folder)
        match kind:
            case "copy":
                shutil.copy(path, folder / f"{number}-again")
            case "cut":
                path.write_bytes(path.read_bytes()[:-30])
            case "text":
                path.write_text("Nothing medical. " * 20)
            case "empty":
                path.write_bytes(b"")
            case "report":
                path.write_bytes(path.read_bytes().replace(b"840.10008.5.1.4.1.1.4", b"8" * 21))
            case "zip":
                with zipfile.ZipFile(folder / f"{number}.zip", "w") as archive:
                    archive.write(path, "a")
                    archive.writestr("b", "Nothing medical.")
                    made["zipped"] += 2
    found = scan([folder])
    outside = sum(1 for path in folder.iterdir() if path.suffix != ".zip")
    assert found.found == outside + made["zipped"]


def test_no_identity_leaves_the_files(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    paths = write(mr_series(), tmp_path)
    paths[3].write_bytes(paths[3].read_bytes()[:-9])
    shown = repr(scan([tmp_path])).replace(str(tmp_path), "")
    assert not any(secret in shown for secret in ("Secret", "Sam", "S-1", "19700101"))
    assert not recwarn.list


def test_bad_values_count_as_silence(tmp_path: Path) -> None:
    (path,) = write(mr_series(slices=1), tmp_path)
    raw = path.read_bytes()
    assert raw.count(b"500.0 ") == 1
    path.write_bytes(raw.replace(b"500.0 ", b"5oo.0 "))
    acquisition = scan([path]).studies[0].series[0].acquisition
    assert acquisition.repetition_time is None
    assert acquisition.echo_time == 10


def test_contrast_agent_is_read_but_the_word_none_is_not_one(tmp_path: Path) -> None:
    for number, (agent, expected) in enumerate([("Gadovist", True), ("NONE", False), ("", False)]):
        series = mr_series(str(number), slices=1)
        series[0].ContrastBolusAgent = agent
        (path,) = write(series, tmp_path)
        assert scan([path]).studies[0].series[0].acquisition.contrast is expected


def test_real_folders_are_accounted_for(real_dicom: Path) -> None:
    found = scan([real_dicom])
    assert found.found == sum(1 for path in real_dicom.rglob("*") if path.is_file())
    assert Counter(left.code for left in found.left_out) == {Code.NOT_IMAGE: 7}
    assert len(found.studies) == 9


def test_enhanced_headers_speak_the_classic_terms(real_dicom: Path) -> None:
    (study,) = scan([real_dicom / "siemens_enhanced_mixed"]).studies
    t1 = study.series[1].acquisition
    assert (t1.repetition_time, t1.echo_time, t1.inversion_time) == (1800, 2.41, 900)
    assert set(t1.scanning_sequence) == {"GR", "IR"}
    assert "NORM" in t1.image_type
    assert study.series[1].frames == 96
    assert (t1.orientation, t1.slice_thickness, t1.pixel_spacing) == ("sagittal", 2.0, (2.0, 2.0))


def test_real_encodings_are_all_whole(real_dicom: Path) -> None:
    folder = real_dicom / "transfer_syntaxes"
    syntaxes = {
        dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID
        for path in folder.iterdir()
    }
    assert len(syntaxes) > 4
    assert scan([folder]).left_out == ()
