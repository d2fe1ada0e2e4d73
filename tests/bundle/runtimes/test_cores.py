from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.runtimes.cores import cores, quota, settle_threads, share


@pytest.mark.parametrize(
    ("text", "granted"),
    [("max 100000", None), ("200000 100000", 2), ("150000 100000", 2), ("rubbish", None)],
)
def test_a_quota_is_read_in_whole_cores(tmp_path: Path, text: str, granted: int | None) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert quota(tmp_path / "cpu.max") == granted
    assert quota(tmp_path / "absent") is None


def test_workers_share_the_cores_and_each_has_one() -> None:
    assert share(1) == cores() >= 1
    assert share(10_000) == 1


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    settle_threads(3)
    import os

    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
