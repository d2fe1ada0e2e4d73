from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import RegistryError
from pipeline.promote.promote import promote
from pipeline.versions.check import check
from pipeline.versions.lock import write_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import asked

Make = Callable[..., Path]
Clone = Callable[[Workspace], Workspace]


def subjects(workspace: Workspace) -> list[str]:
    return [problem.subject for problem in check(workspace)]


def test_a_fresh_pin_has_no_problem_nor_has_its_clone(workspace: Workspace, clone: Clone) -> None:
    pin(workspace)
    assert check(workspace) == ()
    cloned = clone(workspace)
    assert check(cloned) == ()
    assert Registry(cloned).names() == ()


def test_an_unreadable_lock_is_one_problem(workspace: Workspace) -> None:
    (problem,) = check(workspace)
    assert (problem.subject, problem.remedy) == ("lock", "Write it with `tessera lock`.")


def test_each_kind_of_problem_is_found(
    workspace: Workspace, clone: Clone, make_bundle: Make
) -> None:
    lock = pin(workspace).lock
    cloned = clone(workspace)
    write_lock(cloned.lock, replace(lock, pipeline="0.0.1"))
    make_bundle(cloned.modules / "tissue", seed=9)
    make_bundle(cloned.modules / "vessels")
    found = check(cloned)
    assert [problem.subject for problem in found] == ["pipeline", "vessels", "tissue"]
    assert "locked 0.0.1" in found[0].message
    assert "`tessera lock vessels`" in found[1].remedy
    assert lock.modules["tissue"].digest in found[2].message


def test_a_lock_behind_its_intent_is_named(workspace: Workspace, make_bundle: Make) -> None:
    pin(workspace)
    registry = Registry(workspace)
    registry.point(
        registry.register(make_bundle(workspace.modules / "tissue", "1.1.0", seed=9)), "champion"
    )
    (problem,) = check(workspace)
    assert problem.message == "tissue: champion is 1.1.0, pinned is 1.0.0."


def test_an_alias_that_was_moved_by_hand_is_not_recommended(
    workspace: Workspace, make_bundle: Make
) -> None:
    pin(workspace)
    registry = Registry(workspace)
    for number, seed in (("1.1.0", 8), ("1.2.0", 9)):
        registry.register(make_bundle(workspace.modules / "tissue", number, seed))
    promote(workspace, asked(workspace, "1.1.0", by="Ann"))
    pin(workspace, "tissue")
    registry.point(registry.version("tissue", "1.2.0"), "champion")
    (problem,) = check(workspace)
    assert problem.message == (
        "The champion of tissue is 1.2.0 in MLflow, and 1.1.0 by the ledger."
    )
    assert "moved the alias, see `tessera verify`" in problem.remedy


def test_a_server_that_does_not_answer_is_no_problem_of_the_lock(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(workspace)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(RegistryError, match="does not answer"):
        check(workspace)


def test_an_intent_that_nothing_fits_is_named(workspace: Workspace, clone: Clone) -> None:
    pin(workspace)
    workspace.settings.write_text('[modules]\ntissue = ">=9"\n')
    for place in (workspace, clone(workspace)):
        (problem,) = check(place)
        assert problem.message == "No version of tissue fits '>=9'; registered are: 1.0.0."


def test_a_clone_whose_pin_lies_in_the_range_has_no_problem(
    workspace: Workspace, clone: Clone
) -> None:
    pin(workspace)
    workspace.settings.write_text('[modules]\ntissue = ">=1,<2"\n')
    assert check(clone(workspace)) == ()


def test_an_intent_for_a_module_that_is_not_there_is_named(workspace: Workspace) -> None:
    pin(workspace)
    workspace.settings.write_text('[modules]\ntisue = "champion"\n')
    (problem,) = check(workspace)
    assert problem.subject == "tisue"
    assert "neither pinned nor in modules/" in problem.message


def test_a_tampered_artifact_is_found(workspace: Workspace) -> None:
    pin(workspace)
    shutil.rmtree(workspace.bundles)  # a copy that is intact needs nothing from MLflow
    for weights in workspace.mlruns.rglob("tissue/*/artifacts/bundle/models/*"):
        weights.write_bytes(b"tampered")
    (problem,) = check(workspace)
    assert problem.subject == "tissue"
    assert "expected sha256:" in problem.message


@pytest.mark.parametrize("text", ["[modules]\ntissue = 1\n", "[moduls]\n"])
def test_a_wrong_configuration_is_a_problem(workspace: Workspace, text: str) -> None:
    pin(workspace)
    workspace.settings.write_text(text)
    assert subjects(workspace) == ["lock"]


def test_a_pin_that_has_neither_folder_nor_intent_is_named(
    workspace: Workspace, make_bundle: Make
) -> None:
    make_bundle(workspace.modules / "vessels")
    pin(workspace)
    (workspace.modules / "vessels").rename(workspace.root / "elsewhere")
    (problem,) = check(workspace)
    assert (problem.subject, "`tessera lock`" in problem.remedy) == ("vessels", True)


def test_modules_that_cannot_run_together_are_named(
    workspace: Workspace, make_bundle: Make
) -> None:
    lock = pin(workspace).lock
    folder = make_bundle(workspace.modules / "vessels")
    text = (folder / "module.toml").read_text()
    (folder / "module.toml").write_text(f'{text}upstream = ["vessels"]\n')
    write_lock(workspace.lock, lock.replaced(Registry(workspace).register(folder).module))
    (problem,) = check(workspace)
    assert "in a circle: vessels → vessels" in problem.message
