from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.disk import temporary, writing
from pipeline.errors import OutputError


def test_a_full_disk_is_named_with_the_folder_and_what_to_do(
    tmp_path: Path, limit: Callable[[int], None]
) -> None:
    limit(2)
    there = writing(tmp_path / "there")
    with pytest.raises(OutputError, match="there cannot be written: File too") as caught, there:
        (tmp_path / "file").write_bytes(b"four")
    assert "Free disk space" in caught.value.remedy


def test_of_many_copied_files_the_first_that_failed_is_named(
    tmp_path: Path, limit: Callable[[int], None]
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "file").write_bytes(b"four")
    limit(2)
    copying = writing(tmp_path / "two")
    with pytest.raises(OutputError, match=r"two cannot be written: \[Errno 27\] File.*"), copying:
        shutil.copytree(tmp_path / "one", tmp_path / "two")


def test_where_no_temporary_file_can_be_written_the_setting_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    assert Path(temporary()).is_dir()
    monkeypatch.setattr("tempfile.gettempdir", none)
    assert temporary() == "TMPDIR"
