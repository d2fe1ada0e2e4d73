from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import pipeline
from pipeline.errors import LockError
from pipeline.result import ModuleRef
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock, lock_digest, read_lock, render, write_lock


def ref(name: str, version: str = "1.0.0", digit: str = "a") -> ModuleRef:
    weights, code, contract = (f"sha256:{mark * 64}" for mark in "123")
    return ModuleRef(name, version, 1, f"sha256:{digit * 64}", weights, code, contract)


@pytest.fixture
def lock() -> Lock:
    modules = {name: ref(name) for name in ("tumour", "quality", "tissue")}
    return Lock(modules, pipeline.__version__, environment())


def test_what_is_written_is_read(tmp_path: Path, lock: Lock) -> None:
    path = tmp_path / "configs" / "pipeline.lock"
    write_lock(path, lock)
    assert read_lock(path) == lock
    assert [file.name for file in path.parent.iterdir()] == ["pipeline.lock"]


def test_equal_locks_are_equal_bytes_in_whatever_order_they_were_made(lock: Lock) -> None:
    backwards = replace(
        lock,
        modules=dict(reversed([*lock.modules.items()])),
        libraries=dict(reversed([*lock.libraries.items()])),
    )
    assert render(backwards) == render(lock)
    blocks = [line for line in render(lock).splitlines() if line.startswith("[modules")]
    assert blocks == ["[modules.quality]", "[modules.tissue]", "[modules.tumour]"]


def test_the_digest_is_of_what_the_lock_says(tmp_path: Path, lock: Lock) -> None:
    path = tmp_path / "pipeline.lock"
    write_lock(path, lock)
    before = lock_digest(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"# a comment\r\n")
    assert lock_digest(path) == before
    write_lock(path, lock.replaced(ref("tissue", "1.0.1")))
    assert lock_digest(path) != before


def test_a_full_disk_leaves_the_lock_as_it_was(
    tmp_path: Path, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pipeline.lock"
    write_lock(path, lock)
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LockError, match="cannot be written: No space left") as caught:
        write_lock(path, lock.replaced(ref("tissue", "1.0.1")))
    assert "Free disk space" in caught.value.remedy
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, before)]


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(("ours", "theirs"), [("quality", "tissue"), ("tissue", "tumour")])
def test_upgrades_of_neighbouring_modules_merge(
    tmp_path: Path, lock: Lock, ours: str, theirs: str
) -> None:
    path = tmp_path / "pipeline.lock"
    one, other = ref(ours, "1.1.0", "b"), ref(theirs, "2.0.0", "c")
    git(tmp_path, "init", "--initial-branch=main")
    write_lock(path, lock)
    git(tmp_path, "add", "pipeline.lock")
    git(tmp_path, "commit", "-m", "pin")
    git(tmp_path, "switch", "-c", "upgrade")
    write_lock(path, lock.replaced(other))
    git(tmp_path, "commit", "-am", f"upgrade {theirs}")
    git(tmp_path, "switch", "main")
    write_lock(path, lock.replaced(one))
    git(tmp_path, "commit", "-am", f"upgrade {ours}")
    git(tmp_path, "merge", "upgrade")
    assert read_lock(path) == lock.replaced(one).replaced(other)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("schema = 1", "schema = 2", "schema is 2"),
        ("schema = 1\n", "", "'schema' is missing"),
        ("schema = 1\n", "<<<<<<< HEAD\n", "no valid lock"),
        ('"sha256:aaa', '"sha256:AAA', "no sha256 digest"),
        ('"sha256:aaa', '"md5:aaa', "no sha256 digest"),
        ("mlflow_version = 1", "mlflow_version = 0", "impossible version"),
        ("mlflow_version = 1", "mlflow_version = true", "impossible version"),
        ('version = "1.0.0"', 'version = "champion"', "impossible version"),
        ("[modules.tissue]", '[modules."../up"]', "cannot be a module's name"),
        ("mlflow_version = 1\n", "", "nothing else"),
        ("mlflow_version = 1\n", "mlflow_version = 1\nalias = 'x'\n", "nothing else"),
        ("[libraries]", "[libs]", "'libraries' is missing"),
        ("[pipeline]", "[[pipeline]]", "no valid lock"),
    ],
)
def test_a_malformed_lock_is_refused(
    tmp_path: Path, lock: Lock, old: str, new: str, reason: str
) -> None:
    path = tmp_path / "pipeline.lock"
    text = render(lock)
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LockError, match=reason) as caught:
        read_lock(path)
    assert "tessera lock" in caught.value.remedy


def test_a_missing_or_binary_lock_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.lock"
    with pytest.raises(LockError, match="is missing"):
        read_lock(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LockError, match="no valid lock"):
        read_lock(path)


def test_reading_a_lock_imports_nothing_heavy() -> None:
    code = (
        "import sys, pipeline.versions.lock, pipeline.versions.ensure, pipeline.versions.catalogue;"
        "print([name for name in ('torch', 'monai', 'mlflow', 'openvino') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
