from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import read_settings
from pipeline.errors import UsageError
from pipeline.workspace import Workspace, create, find, shipped


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create(tmp_path / "mine")


def test_a_new_workspace_holds_the_shipped_modules(workspace: Workspace) -> None:
    names = {path.name for path in workspace.modules.iterdir()}
    assert names == {path.name for path in (shipped() / "modules").iterdir() if path.is_dir()}
    assert {"quality", "tissue", "tumour"} <= names
    assert read_settings(workspace.settings).intent("tumour") == "champion"
    assert "/mlruns/" in (workspace.root / ".gitignore").read_text()
    assert "merge=union" in (workspace.root / ".gitattributes").read_text()
    assert not list(workspace.root.rglob("__pycache__"))


def test_everything_lies_inside(workspace: Workspace) -> None:
    places = ("configs", "modules", "mlruns", "settings", "lock", "state")
    assert {
        name: getattr(workspace, name).relative_to(workspace.root).as_posix() for name in places
    } == {
        "configs": "configs",
        "modules": "modules",
        "mlruns": "mlruns",
        "settings": "configs/pipeline.toml",
        "lock": "configs/pipeline.lock",
        "state": ".tessera",
    }
    for place in (workspace.cache, workspace.bundles, workspace.site_key):
        assert place.parent == workspace.state


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    for folder in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(UsageError, match="not an empty folder"):
            create(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be made a workspace") as caught:
        create(tmp_path / "file" / "below")
    assert "can write to" in caught.value.remedy


def test_it_is_found_from_any_folder_inside(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace.modules / "tumour")
    assert find() == workspace
    assert find(workspace.root) == workspace


def test_a_named_folder_must_be_the_workspace_itself(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="is no Tessera workspace") as caught:
        find(workspace.modules)
    assert "`tessera init DIR`" in caught.value.remedy


def test_outside_of_any_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is in no Tessera workspace"):
        find()
