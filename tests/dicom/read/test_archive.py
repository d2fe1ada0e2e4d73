from __future__ import annotations

import contextlib
import os
import stat
import zipfile
from pathlib import Path

import pytest

from pipeline.dicom.read.archive import on_disk
from pipeline.dicom.read.reference import reference_headers
from pipeline.dicom.read.scan import scan
from pipeline.dicom.read.volume import fingerprint, load
from pipeline.errors import Code, InputError
from pipeline.study import Scan
from tests.dicom.synthetic import mr_series, write


def zipped(folder: Path, archive: Path, prefix: str = "") -> Path:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(folder.rglob("*")):
            made.write(path, prefix + str(path.relative_to(folder)))
    return archive


def codes(found: Scan) -> list[Code]:
    return [left.code for left in found.left_out]


def test_a_series_in_an_archive_loads_as_it_does_from_a_folder(tmp_path: Path) -> None:
    write(mr_series(), tmp_path / "plain")
    archive = zipped(tmp_path / "plain", tmp_path / "zip" / "study.bin")
    before = sorted(tmp_path.rglob("*"))
    (inside,) = scan([archive]).studies[0].series
    (outside,) = scan([tmp_path / "plain"]).studies[0].series
    assert fingerprint(load(inside)) == fingerprint(load(outside))
    assert reference_headers(inside)[3].PatientName == "Secret^Sam"
    assert on_disk(inside.instances[0].path) == archive
    assert sorted(tmp_path.rglob("*")) == before, "nothing was unpacked"


def test_members_count_as_files_and_the_same_slice_outside_is_a_duplicate(tmp_path: Path) -> None:
    paths = write(mr_series(), tmp_path / "a")
    (tmp_path / "a" / "notes.txt").write_text("Nothing medical.")
    zipped(tmp_path / "a", tmp_path / "b" / "again.zip")
    found = scan([tmp_path])
    assert found.found == 2 * (len(paths) + 1)
    assert codes(found).count(Code.DUPLICATE) == len(paths)
    assert codes(found).count(Code.NOT_DICOM) == 2


def test_names_that_climb_out_are_only_names(tmp_path: Path) -> None:
    write(mr_series(), tmp_path / "plain")
    archive = zipped(tmp_path / "plain", tmp_path / "zip" / "a.zip", "../../../etc/")
    (series,) = scan([archive]).studies[0].series
    assert load(series).shape == (20, 6, 5)
    assert {i.path.relative_to(archive).parts[0] for i in series.instances} == {"etc"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    paths = write(mr_series(slices=4), tmp_path / "plain")
    with zipfile.ZipFile(tmp_path / "twins.zip", "w") as made:
        for path in paths:
            made.write(path, "IM0001")
    found = scan([tmp_path / "twins.zip"])
    assert found.studies[0].series[0].frames == 4


def test_an_encrypted_member_is_left_out(tmp_path: Path) -> None:
    write(mr_series(slices=1), tmp_path / "plain")
    archive = zipped(tmp_path / "plain", tmp_path / "a.zip")
    data = bytearray(archive.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    archive.write_bytes(data)
    assert codes(scan([archive])) == [Code.NO_PERMISSION]


def test_a_bomb_is_left_out_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("IM0001", bytes(128) + b"DICM" + bytes(64 << 20))
    assert codes(scan([tmp_path / "bomb.zip"])) == [Code.TOO_LARGE]


def test_archives_damaged_empty_or_inside_others_are_told(tmp_path: Path) -> None:
    write(mr_series(slices=3), tmp_path / "plain")
    inner = zipped(tmp_path / "plain", tmp_path / "inner" / "inner.zip")
    zipped(tmp_path / "inner", tmp_path / "outer.zip")
    (tmp_path / "cut.zip").write_bytes(inner.read_bytes()[:-40])
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as made:
        made.mkdir("folder")
    assert codes(scan([tmp_path / "outer.zip"])) == [Code.NOT_DICOM]
    assert codes(scan([tmp_path / "cut.zip"])) == [Code.TRUNCATED]
    assert codes(scan([tmp_path / "empty.zip"])) == [Code.EMPTY]


@pytest.mark.parametrize("at", range(0, 2000, 97))
def test_a_damaged_archive_never_ends_in_a_traceback(tmp_path: Path, at: int) -> None:
    write(mr_series(slices=3), tmp_path / "plain")
    archive = zipped(tmp_path / "plain", tmp_path / "a.zip")
    data = bytearray(archive.read_bytes())
    data[at % len(data) : at % len(data) + 4] = b"\xff\x00\xff\x00"
    archive.write_bytes(data)
    for study in scan([archive]).studies:
        for series in study.series:
            with contextlib.suppress(InputError):
                load(series)


def test_an_archive_that_changed_after_the_scan_is_told(tmp_path: Path) -> None:
    write(mr_series(), tmp_path / "plain")
    archive = zipped(tmp_path / "plain", tmp_path / "a.zip")
    (series,) = scan([archive]).studies[0].series
    write(mr_series("two"), tmp_path / "other")
    zipped(tmp_path / "other", archive, "elsewhere/")
    with pytest.raises(InputError) as caught:
        load(series)
    assert caught.value.code is Code.VANISHED
    archive.unlink()
    with pytest.raises(InputError) as caught:
        load(series)
    assert caught.value.code is Code.VANISHED


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert codes(scan([tmp_path])) == [Code.NOT_DICOM]
