from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import LockError
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import read_lock, write_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

Make = Callable[..., Path]
Clone = Callable[[Workspace], Workspace]


def test_first_use_registers_and_pins_everything(workspace: Workspace) -> None:
    registry = ensure(workspace)
    assert registry.names() == ("tissue", "tumour")
    assert set(read_lock(workspace.lock).modules) == {"tissue", "tumour"}


def test_a_fresh_clone_registers_what_the_lock_pins(workspace: Workspace, clone: Clone) -> None:
    lock = pin(workspace).lock
    cloned = clone(workspace)
    registry = ensure(cloned)
    assert registry.version("tumour").module == lock.modules["tumour"]
    assert cloned.lock.read_bytes() == workspace.lock.read_bytes()


def test_a_fresh_clone_can_run_at_once(workspace: Workspace, clone: Clone) -> None:
    lock = pin(workspace).lock
    places = materialise(clone(workspace), lock)
    assert [bundle_digest(place).digest for place in places.values()] == [
        module.digest for module in lock.modules.values()
    ]


def test_a_fresh_clone_with_an_edited_module_is_refused(
    workspace: Workspace, clone: Clone, make_bundle: Make
) -> None:
    expected = pin(workspace).lock.modules["tissue"].digest
    cloned = clone(workspace)
    found = bundle_digest(make_bundle(cloned.modules / "tissue", seed=9)).digest
    with pytest.raises(LockError, match=f"tissue 1.0.0: expected {expected}, found {found}") as e:
        ensure(cloned)
    assert "`tessera lock tissue --trust`" in e.value.remedy
    pin(cloned, "tissue", trust=True)
    assert ensure(cloned).version("tissue").module.digest == found


def test_a_pinned_module_that_is_nowhere_is_refused(workspace: Workspace, clone: Clone) -> None:
    pin(workspace)
    cloned = clone(workspace)
    shutil.rmtree(cloned.modules / "tissue")
    with pytest.raises(LockError, match="found no such folder in modules/"):
        ensure(cloned)


def test_an_edit_in_the_working_tree_cannot_change_a_pinned_run(
    workspace: Workspace, make_bundle: Make
) -> None:
    lock = pin(workspace).lock
    before = bundle_digest(materialise(workspace, lock)["tumour"])
    make_bundle(workspace.modules / "tumour", seed=9, code="ANSWER = 2\n")
    place = materialise(workspace, lock)["tumour"]
    assert bundle_digest(place) == before
    assert (place / "predict.py").read_text() == "ANSWER = 1\n"


def test_copies_in_place_need_no_mlflow(workspace: Workspace) -> None:
    lock = pin(workspace).lock
    materialise(workspace, lock)
    shutil.rmtree(workspace.mlruns)
    code = (
        "import sys; from pathlib import Path; from pipeline.workspace import find;"
        "from pipeline.versions.ensure import materialise;"
        "from pipeline.versions.lock import read_lock; w = find(Path(sys.argv[1]));"
        "print(len(materialise(w, read_lock(w.lock))), 'mlflow' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(workspace.root)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["2", "False"]


def test_a_damaged_copy_is_mended_from_the_registry(workspace: Workspace) -> None:
    lock = pin(workspace).lock
    place = materialise(workspace, lock)["tissue"]
    (place / "models" / "model.safetensors").write_bytes(b"")
    assert materialise(workspace, lock)["tissue"] == place
    assert bundle_digest(place).digest == lock.modules["tissue"].digest


@pytest.mark.parametrize(
    "edit",
    [
        {"version": "9.9.9"},
        {"weights": "sha256:" + "0" * 64},
        {"code": "sha256:" + "0" * 64},
        {"contract": "sha256:" + "0" * 64},
        {"digest": "sha256:" + "0" * 64},
    ],
)
def test_a_lock_edited_by_hand_does_not_run(workspace: Workspace, edit: dict[str, Any]) -> None:
    lock = pin(workspace).lock
    materialise(workspace, lock)
    write_lock(workspace.lock, lock.replaced(replace(lock.modules["tissue"], **edit)))
    with pytest.raises(LockError, match="tissue"):
        materialise(workspace, read_lock(workspace.lock))


def test_two_versions_can_lie_side_by_side(workspace: Workspace, make_bundle: Make) -> None:
    old = pin(workspace).lock
    Registry(workspace).register(make_bundle(workspace.modules / "tissue", "1.1.0", seed=9))
    new = pin(workspace, "tissue@1.1.0").lock
    assert materialise(workspace, old)["tissue"] != materialise(workspace, new)["tissue"]
