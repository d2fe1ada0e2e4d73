from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from pipeline.bundle.runtimes.parity import Parity
from pipeline.bundle.runtimes.store import Seal, read_files, read_seal, write
from pipeline.errors import OutputError

SEAL = Seal(True, "", Parity(1.0, 0.0), {})


def test_what_was_written_is_read_by_every_user_of_the_workspace(tmp_path: Path) -> None:
    sealed = write(tmp_path / "networks" / "a", SEAL, {"network.xml": b"<net/>"})
    assert read_seal(tmp_path / "networks" / "a") == sealed
    assert read_files(tmp_path / "networks" / "a", sealed) == {"network.xml": b"<net/>"}
    assert stat.S_IMODE((tmp_path / "networks" / "a").stat().st_mode) == 0o755


def test_what_was_altered_is_not_read(tmp_path: Path) -> None:
    sealed = write(tmp_path / "a", SEAL, {"network.xml": b"<net/>"})
    (tmp_path / "a" / "network.xml").write_bytes(b"<other/>")
    assert read_files(tmp_path / "a", sealed) is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "networks").write_text("in the way")
    with pytest.raises(OutputError, match="networks cannot be written"):
        write(tmp_path / "networks" / "a", SEAL, {})
    assert [path.name for path in tmp_path.iterdir()] == ["networks"]


def test_what_another_process_has_just_written_is_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten(partial: Path, folder: Path) -> None:
        shutil.copytree(partial, folder)
        raise OSError(39, "Directory not empty")

    monkeypatch.setattr(Path, "rename", beaten)
    assert write(tmp_path / "a", SEAL, {}) == SEAL
