from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.bundle.runtimes.cores import (
    SETTLED,
    ceiling,
    cores,
    memory_mib,
    quota,
    settle_threads,
    share,
)


@pytest.mark.parametrize(
    ("text", "granted"),
    [("max 100000", None), ("200000 100000", 2), ("150000 100000", 2), ("rubbish", None)],
)
def test_a_quota_is_read_in_whole_cores(tmp_path: Path, text: str, granted: int | None) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert quota(tmp_path / "cpu.max") == granted
    assert quota(tmp_path / "absent") is None


def test_a_ceiling_is_read_in_mib(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("2147483648\n")
    assert ceiling(tmp_path / "memory.max") == 2048
    (tmp_path / "memory.max").write_text("max\n")
    assert ceiling(tmp_path / "memory.max") is None
    assert ceiling(tmp_path / "absent") is None


def test_there_is_some_memory() -> None:
    assert memory_mib() > 256


def test_workers_share_the_cores_and_each_has_one() -> None:
    assert share(1) == cores() >= 1
    assert share(10_000) == 1


def test_cores_that_do_not_come_out_even_are_not_left_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.bundle.runtimes.cores.cores", lambda: 8)
    assert [share(workers) for workers in (8, 5, 3, 16)] == [1, 2, 3, 1]


@pytest.fixture
def unsettled(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As where the user has set one variable and Tessera none."""
    monkeypatch.setattr(os, "environ", {"OMP_NUM_THREADS": "7"})
    return monkeypatch


@pytest.mark.usefixtures("unsettled")
def test_what_the_user_has_set_stays() -> None:
    settle_threads(3)
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert os.environ["MKL_NUM_THREADS"] == "3"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.usefixtures("unsettled")
def test_a_worker_settles_anew_what_its_parent_settled_and_no_more() -> None:
    settle_threads(4)
    settle_threads(2)
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert os.environ["MKL_NUM_THREADS"] == "2"
    assert "OMP_NUM_THREADS" not in os.environ[SETTLED]
