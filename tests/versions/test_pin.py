from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

import pipeline
from pipeline.errors import BundleError, RegistryError
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock, read_lock, write_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

Make = Callable[..., Path]


def test_without_a_lock_all_folders_are_registered_and_pinned(workspace: Workspace) -> None:
    pinned = pin(workspace)
    lock = read_lock(workspace.lock)
    assert lock == pinned.lock
    assert list(lock.modules) == ["tissue", "tumour"]
    assert (lock.pipeline, lock.libraries) == (pipeline.__version__, environment())
    assert [(change.before, change.after.name) for change in pinned.changes] == [
        (None, "tissue"),
        (None, "tumour"),
    ]
    assert pin(workspace).changes == ()


def test_pinning_one_leaves_every_other_line_alone(workspace: Workspace, make_bundle: Make) -> None:
    first = pin(workspace).lock
    write_lock(workspace.lock, type(first)(first.modules, "0.0.1", {"torch": "0"}))
    before = workspace.lock.read_text().splitlines()
    Registry(workspace).register(make_bundle(workspace.modules / "tissue", version="1.1.0"))
    pinned = pin(workspace, "tissue@1.1.0")
    after = workspace.lock.read_text().splitlines()
    changed = [new.split(" = ")[0] for old, new in zip(before, after, strict=True) if old != new]
    assert sorted(changed) == ["digest", "mlflow_version", "version", "weights"]
    assert [(c.before.version, c.after.version) for c in pinned.changes if c.before] == [
        ("1.0.0", "1.1.0")
    ]


def test_pinning_all_tells_which_libraries_it_records_anew(workspace: Workspace) -> None:
    lock = pin(workspace).lock
    write_lock(workspace.lock, Lock(lock.modules, "0.0.1", {**lock.libraries, "torch": "0"}))
    assert pin(workspace, "tissue").drifts == ()
    found = pin(workspace).drifts
    assert [(drift.name, drift.locked) for drift in found] == [
        ("pipeline", "0.0.1"),
        ("torch", "0"),
    ]
    assert pin(workspace).drifts == ()


def test_two_pins_at_the_same_moment_are_both_kept(
    workspace: Workspace, make_bundle: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(workspace)
    for name in ("tissue", "tumour"):
        Registry(workspace).register(make_bundle(workspace.modules / name, "1.1.0", seed=9))
    both = threading.Barrier(2)

    def read_together(path: Path) -> Lock:
        lock = read_lock(path)
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)  # in vain where one waits for the other to have written
        return lock

    monkeypatch.setattr("pipeline.versions.pin.read_lock", read_together)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda spec: pin(workspace, spec), ("tissue@1.1.0", "tumour@1.1.0")))
    pins = read_lock(workspace.lock).modules
    assert {name: ref.version for name, ref in pins.items()} == {
        "tissue": "1.1.0",
        "tumour": "1.1.0",
    }


def test_intent_decides_champion_range_or_number(workspace: Workspace, make_bundle: Make) -> None:
    registry = Registry(workspace)
    for number in ("1.0.0", "1.9.0", "1.10.0", "2.0.0"):
        registry.register(make_bundle(workspace.modules / "tissue", version=number))
    registry.point(registry.version("tissue", "1.9.0"), "challenger")

    def pinned(intent: str) -> str:
        workspace.settings.write_text(f'[modules]\ntissue = "{intent}"\n')
        return pin(workspace, "tissue").lock.modules["tissue"].version

    assert pinned("champion") == "1.0.0"
    assert pinned(">=1,<2") == "1.10.0"
    assert pinned("==1.9.*") == "1.9.0"
    assert pin(workspace, "tissue@challenger").lock.modules["tissue"].version == "1.9.0"
    with pytest.raises(RegistryError, match=r"No version of tissue fits '>=3'"):
        pinned(">=3")


def test_a_failed_pin_leaves_the_lock_as_it_was(workspace: Workspace) -> None:
    pin(workspace)
    before = workspace.lock.read_bytes()
    for spec in ("tissue@9.9.9", "liver", "liver@1.0.0", "tissue@nonsense"):
        with pytest.raises(RegistryError, match="fits"):
            pin(workspace, spec)
    assert workspace.lock.read_bytes() == before


def test_a_folder_named_unlike_its_module_is_refused(workspace: Workspace) -> None:
    (workspace.modules / "tissue").rename(workspace.modules / "liver")
    with pytest.raises(BundleError, match="holds a module named tissue"):
        pin(workspace)
    assert not workspace.lock.exists()
