from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.run.pseudonym import pseudonym, site_key


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "site.key"
    key = site_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert site_key(path) == key
    assert [entry.name for entry in path.parent.iterdir()] == ["site.key"]


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "site.key"
    path.write_bytes(b"short")
    with pytest.raises(ConfigError, match="no site key"):
        site_key(path)
    assert path.read_bytes() == b"short"


def test_a_pseudonym_is_stable_and_depends_on_the_site() -> None:
    here, there = b"a" * 32, b"b" * 32
    assert pseudonym("1.2.3", here) == pseudonym("1.2.3", here)
    assert pseudonym("1.2.3", here) != pseudonym("1.2.3", there)
    assert pseudonym("1.2.3", here) != pseudonym("1.2.4", here)
    assert "1.2.3" not in pseudonym("1.2.3", here)


def test_a_key_that_cannot_be_read_or_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match=r"folder cannot be read or made: Is a directory"):
        site_key(tmp_path / "folder")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be read or made"):
        site_key(tmp_path / "file" / "site.key")
