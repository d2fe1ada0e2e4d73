from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.versions.catalogue import modules, show
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

Make = Callable[..., Path]


def test_before_first_use_there_are_folders_only(workspace: Workspace) -> None:
    tissue, tumour = modules(workspace)
    assert (tissue.name, tissue.versions, tissue.pinned) == ("tissue", (), None)
    assert tissue.folder is not None
    assert tissue.folder.version == "1.0.0"
    assert tissue.is_edited
    assert show(workspace, "tumour").entry == tumour
    assert not (workspace.mlruns / "artifacts").exists()


def test_folder_versions_aliases_and_pin_stand_side_by_side(
    workspace: Workspace, make_bundle: Make
) -> None:
    lock = pin(workspace).lock
    Registry(workspace).register(make_bundle(workspace.modules / "tissue", "1.1.0", seed=9))
    tissue, tumour = modules(workspace)
    assert [(v.module.version, v.aliases) for v in tissue.versions] == [
        ("1.0.0", ("champion",)),
        ("1.1.0", ()),
    ]
    assert tissue.folder is not None
    assert tissue.folder.version == "1.1.0"
    assert (tissue.pinned, tissue.is_edited) == (lock.modules["tissue"], False)
    assert tumour.pinned == lock.modules["tumour"]
    make_bundle(workspace.modules / "tissue", "1.1.0", seed=10)
    assert modules(workspace)[0].is_edited


def test_show_has_scores_by_version(workspace: Workspace) -> None:
    pin(workspace)
    assert show(workspace, "tumour").scores == {"1.0.0": {"dice_whole": 0.83}}


def test_an_unknown_module_is_named_with_those_there_are(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no module 'liver'") as caught:
        show(workspace, "liver")
    assert caught.value.remedy == "Name one of these: tissue, tumour."
