from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.result import ModuleRef
from pipeline.run.cache import Cache, key
from pipeline.run.codec import encode
from pipeline.types import Prediction
from pipeline.versions.environment import computing

REF = ModuleRef("tissue", "1.0.0", 1, *(f"sha256:{digit * 64}" for digit in "abcd"))
LOCK = "sha256:" + "f" * 64
PREDICTION = Prediction(labels=np.ones((2, 3, 4), np.uint8))


@pytest.fixture(autouse=True)
def _own_libraries() -> Iterator[None]:
    yield
    computing.cache_clear()


def address(
    ref: ModuleRef = REF, runtime: str = "torch-cpu", version: str = "1", *inputs: str
) -> str:
    return key(ref, runtime, version, inputs)


def test_what_was_put_is_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path, LOCK)
    output = cache.put(address(), PREDICTION)
    found = cache.get(address())
    assert found is not None
    np.testing.assert_array_equal(found.prediction.labels, PREDICTION.labels)
    assert found.output == output


def test_an_entry_carries_the_lock_it_was_computed_under(tmp_path: Path) -> None:
    output = Cache(tmp_path, LOCK).put(address(), PREDICTION)
    found = Cache(tmp_path, "sha256:" + "0" * 64).get(address())
    assert found is not None
    assert (found.lock, found.output) == (LOCK, output)


def test_an_unknown_key_gives_nothing(tmp_path: Path) -> None:
    assert Cache(tmp_path, LOCK).get(address()) is None


@pytest.mark.parametrize(
    "changed",
    [
        address(replace(REF, digest="sha256:" + "e" * 64)),
        address(REF, "torch-cuda"),
        address(REF, "torch-cpu", "2"),
        address(REF, "torch-cpu", "1", "T1 sha256:aa"),
    ],
)
def test_the_key_changes_with_all_that_can_change_the_output(changed: str) -> None:
    assert changed != address()


@pytest.mark.parametrize("library", ["torch", "openvino", "SimpleITK", "monai", "numpy", "scipy"])
def test_the_key_changes_with_the_libraries_that_compute(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = address()
    installed = dict.fromkeys(("torch", "openvino", "SimpleITK", "monai", "numpy", "scipy"), "1")
    for versions in (installed, {**installed, library: "2"}):
        monkeypatch.setattr("pipeline.versions.environment.installed", versions.get)
        computing.cache_clear()
        assert address() != before
        before = address()


def test_the_libraries_are_looked_up_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = address()
    monkeypatch.setattr("pipeline.versions.environment.installed", pytest.fail)
    assert address() == before


def test_the_key_does_not_depend_on_where_mlflow_counts_from() -> None:
    assert address(replace(REF, mlflow_version=7)) == address()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data[:40] + b"x" + data[41:],
        lambda data: data[:110] + b"x" + data[111:],
    ],
)
def test_a_damaged_entry_is_dropped(tmp_path: Path, spoil) -> None:
    cache = Cache(tmp_path, LOCK)
    cache.put(address(), PREDICTION)
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.write_bytes(spoil(entry.read_bytes()))
    assert cache.get(address()) is None
    assert not entry.exists()


def test_an_entry_that_names_no_lock_is_dropped(tmp_path: Path) -> None:
    """As they were written before they carried one."""
    cache = Cache(tmp_path, LOCK)
    cache.put(address(), PREDICTION)
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    content = encode(PREDICTION)
    entry.write_bytes(hashlib.sha256(content).digest() + content)
    assert cache.get(address()) is None


def test_nothing_half_written_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    kept = Cache(tmp_path / "kept", LOCK).put(address(), PREDICTION)
    monkeypatch.setattr("os.fsync", full)
    cache = Cache(tmp_path / "full", LOCK)
    assert cache.put(address(), PREDICTION) == kept, "what was computed holds without being kept"
    assert cache.get(address()) is None
    assert [path for path in (tmp_path / "full").rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_written_is_said_so_before_anything_runs(tmp_path: Path) -> None:
    assert Cache(tmp_path / "cache", LOCK).obstacle() == ""
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache", LOCK)
    assert "cannot be kept" in cache.obstacle()
    cache.put(address(), PREDICTION)


def test_another_user_may_read_what_was_kept(tmp_path: Path) -> None:
    Cache(tmp_path, LOCK).put(address(), PREDICTION)
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert stat.S_IMODE(entry.stat().st_mode) == 0o644
