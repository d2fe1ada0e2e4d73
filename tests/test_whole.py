from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.whole import write


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    write(path, b"old")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    write(path, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path, b"new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"old")]


def test_the_umask_decides_who_reads_unless_all_may(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "report.html", b"")
        write(tmp_path / "pipeline.lock", b"", shared=True)
    finally:
        os.umask(before)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "pipeline.lock").stat().st_mode & 0o777 == 0o644


def test_of_many_that_write_at_once_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "entry"
    contents = [bytes([sign]) * 100_000 for sign in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda content: write(path, content), contents))
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]
