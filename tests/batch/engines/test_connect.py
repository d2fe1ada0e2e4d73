from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.batch.engines.connect import TOKEN, has_token


def test_a_token_is_held_by_file_or_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert not has_token(tmp_path)
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", "elsewhere")
    assert has_token(tmp_path)
    monkeypatch.delenv("RAY_AUTH_TOKEN_PATH")
    (tmp_path / TOKEN).parent.mkdir()
    (tmp_path / TOKEN).write_text("secret")
    assert has_token(tmp_path)
