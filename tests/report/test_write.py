from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.report.write import write_whole


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write_whole(path, "old")
    write_whole(path, "naïve ✓")
    assert path.read_text(encoding="utf-8") == "naïve ✓"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OutputError, match="taken cannot be written: Is a directory"):
        write_whole(path, "new")
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file"):
        write_whole(tmp_path / "nowhere" / "page.html", "new")
