from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from pipeline.batch.folder import discard, held, whole
from pipeline.errors import Code, InputError, OutputError
from pipeline.report.write import write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_only_when_its_block_ended_well(tmp_path: Path) -> None:
    with whole(tmp_path / "study") as partial:
        (partial / "a.txt").write_text("a")
        assert "study" not in names(tmp_path)
    assert names(tmp_path) == ["study"]
    assert names(tmp_path / "study") == ["a.txt"]


def test_an_older_result_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    old = tmp_path / "study"
    old.mkdir()
    (old / "old.txt").write_text("old")
    with contextlib.suppress(RuntimeError), whole(old) as partial:
        (partial / "new.txt").write_text("new")
        raise RuntimeError
    assert names(old) == ["old.txt"]
    with whole(old) as partial:
        (partial / "new.txt").write_text("new")
    assert names(old) == ["new.txt"]
    assert names(tmp_path) == ["study"], "nothing temporary is left"


def test_a_discarded_folder_is_gone_and_an_absent_one_no_error(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "old.seg.dcm").write_bytes(b"old")
    discard(tmp_path / "study")
    discard(tmp_path / "study")
    assert names(tmp_path) == []


def test_a_full_disk_is_the_study_s_failure(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught, whole(tmp_path / "study"):
        raise OSError(28, "No space left on device")
    assert caught.value.code is Code.DISK_FULL
    assert names(tmp_path) == []


def test_a_full_disk_is_the_study_s_failure_whichever_file_met_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError) as caught, whole(tmp_path / "study") as partial:
        write_whole(partial / "report.html", "a page")
    assert caught.value.code is Code.DISK_FULL
    assert names(tmp_path) == []


def test_an_output_folder_that_was_removed_meanwhile_is_named(tmp_path: Path) -> None:
    gone = whole(tmp_path / "removed" / "study")
    with pytest.raises(OutputError, match="cannot be written: No such file"), gone:
        pass


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".partial-abc").mkdir()
    (tmp_path / ".partial-abc" / "half.dcm").write_bytes(b"half")
    (tmp_path / "study-1").mkdir()
    with held(tmp_path):
        assert names(tmp_path) == [".lock", "study-1"]


def test_a_second_run_keeps_out_until_the_first_has_ended(tmp_path: Path) -> None:
    with held(tmp_path / "out"):
        half = tmp_path / "out" / ".partial-abc"
        half.mkdir()
        with pytest.raises(OutputError, match="Another run writes to"), held(tmp_path / "out"):
            pass
        assert half.exists(), "the first one's half-written study"
    with held(tmp_path / "out"):
        assert not half.exists()


def test_storage_without_locks_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("pipeline.batch.folder.fcntl.flock", unknown)
    with held(tmp_path / "out"):
        assert names(tmp_path / "out") == [".lock"]


def test_an_output_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"), held(tmp_path / "out"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_output_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"), held(tmp_path / "out"):
        pass
