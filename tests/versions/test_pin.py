from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

import pipeline
from pipeline.errors import (
    BundleError,
    ConfigError,
    LedgerError,
    LockError,
    RegistryError,
    TrustError,
)
from pipeline.promote.promote import promote
from pipeline.promote.request import Request
from pipeline.versions.environment import environment
from pipeline.versions.lock import Lock, read_lock, write_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import ANN, asked

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


def looks_at(folder: Path, *upstream: str) -> None:
    """Let a module that make_bundle has written depend on others."""
    text = (folder / "module.toml").read_text()
    names = ", ".join(f'"{name}"' for name in upstream)
    (folder / "module.toml").write_text(f"{text}upstream = [{names}]\n")


def test_code_that_comes_later_is_pinned_only_with_trust(
    workspace: Workspace, make_bundle: Make
) -> None:
    pin(workspace)
    before = workspace.lock.read_bytes()
    make_bundle(workspace.modules / "vessels", code="def predict(output, inputs): ...\n")
    for spec in (None, "vessels"):
        with pytest.raises(TrustError, match=r"predict\.py"):
            pin(workspace, spec)
    assert workspace.lock.read_bytes() == before
    assert Registry(workspace).versions("vessels") == ()
    assert "vessels" in pin(workspace, trust=True).lock.modules
    assert pin(workspace).changes == (), "trusted by its digest from now on"


def test_a_registered_version_whose_code_nobody_trusted_is_not_pinned(
    workspace: Workspace, make_bundle: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(workspace)
    registry = Registry(workspace)
    folder = make_bundle(workspace.modules / "tissue", version="1.1.0", code="ANSWER = 4\n")
    with monkeypatch.context() as before_it_was_looked_for:
        for place in ("registry.registry.require_trust", "registry.publish.executable_parts"):
            before_it_was_looked_for.setattr(f"pipeline.versions.{place}", lambda *_, **__: ())
        registry.register(folder)
    with pytest.raises(TrustError, match=r"predict\.py"):
        pin(workspace, "tissue@1.1.0")
    assert pin(workspace, "tissue@1.1.0", trust=True).lock.modules["tissue"].version == "1.1.0"


def test_what_has_neither_folder_nor_intent_is_dropped(
    workspace: Workspace, make_bundle: Make
) -> None:
    make_bundle(workspace.modules / "vessels")
    pin(workspace)
    (workspace.modules / "vessels").rename(workspace.root / "elsewhere")
    workspace.settings.write_text('[modules]\nvessels = "champion"\n')
    assert pin(workspace).changes == ()
    workspace.settings.write_text("")
    assert "vessels" in pin(workspace, "tissue").lock.modules, "pinning one touches no other"
    (change,) = pin(workspace).changes
    assert (change.name, change.after) == ("vessels", None)
    assert list(read_lock(workspace.lock).modules) == ["tissue", "tumour"]


def test_modules_that_cannot_run_together_are_not_pinned(
    workspace: Workspace, make_bundle: Make
) -> None:
    pin(workspace)
    before = workspace.lock.read_bytes()
    folder = make_bundle(workspace.modules / "vessels")
    looks_at(folder, "vessels")
    for spec in (None, "vessels"):
        with pytest.raises(ConfigError, match="in a circle: vessels → vessels"):
            pin(workspace, spec)
    assert workspace.lock.read_bytes() == before
    looks_at(make_bundle(folder, version="2.0.0"), "tissue")
    Registry(workspace).register(folder)
    assert pin(workspace, "vessels@2.0.0").lock.modules["vessels"].version == "2.0.0"


def test_a_module_that_another_needs_is_not_dropped(workspace: Workspace) -> None:
    looks_at(workspace.modules / "tumour", "tissue")
    pin(workspace)
    (workspace.modules / "tissue").rename(workspace.root / "elsewhere")
    with pytest.raises(ConfigError, match="tumour depends on tissue, which is not pinned"):
        pin(workspace)
    assert "tissue" in read_lock(workspace.lock).modules


def test_an_alias_that_was_moved_by_hand_is_not_pinned(
    workspace: Workspace, make_bundle: Make
) -> None:
    pin(workspace)
    registry = Registry(workspace)
    for number, seed in (("1.1.0", 8), ("1.2.0", 9)):
        registry.register(make_bundle(workspace.modules / "tissue", number, seed))
    promote(workspace, asked(workspace, "1.1.0", by="Ann"))
    assert pin(workspace, "tissue").lock.modules["tissue"].version == "1.1.0"
    registry.client.set_registered_model_alias("tessera.tissue", "champion", "3")
    registry.client.set_registered_model_alias("tessera.tissue", "challenger", "3")
    for spec in (None, "tissue", "tissue@champion", "tissue@challenger"):
        with pytest.raises(LedgerError, match=r"is 1\.2\.0 in MLflow, and") as caught:
            pin(workspace, spec)
        assert "`tessera verify`" in caught.value.remedy
    assert read_lock(workspace.lock).modules["tissue"].version == "1.1.0"
    assert pin(workspace, "tissue@1.2.0").lock.modules["tissue"].version == "1.2.0"


def test_an_alias_that_names_nobody_is_said_so(workspace: Workspace) -> None:
    pin(workspace)
    Registry(workspace).drop("tissue", "champion")
    with pytest.raises(RegistryError, match="The alias champion of tissue names nobody"):
        pin(workspace, "tissue")


@pytest.mark.parametrize("is_copied", [True, False])
def test_a_number_that_was_edited_in_mlflow_is_not_pinned(
    workspace: Workspace, *, is_copied: bool
) -> None:
    pin(workspace)
    registry = Registry(workspace)
    version = registry.version("tissue")
    registry.drop("tissue", "champion")
    promote(workspace, Request(version, override=ANN))
    before = workspace.lock.read_bytes()
    if not is_copied:
        shutil.rmtree(workspace.bundles)
    registry.client.set_model_version_tag("tessera.tissue", "1", "module.semver", "9.9.9")
    with pytest.raises(LockError, match=r"the files say tissue 1\.0\.0") as caught:
        pin(workspace, "tissue")
    assert "`tessera verify`" in caught.value.remedy
    assert workspace.lock.read_bytes() == before
