from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from pipeline.workspace import Workspace

CONTRACT = """\
name = "{name}"
title = "A module for tests"
summary = "Nothing."

[needs]
level = "case"
roles = ["T1"]
at_least = ["T1"]
take = "first"
spacing_mm = [1.0, 1.0, 1.0]
"""
NETWORK = {"_target_": "torch.nn.Linear", "in_features": 1, "out_features": 4, "bias": False}


def write_bundle(
    folder: Path,
    version: str = "1.0.0",
    seed: int = 0,
    scores: Mapping[str, float] | None = None,
    code: str | None = None,
) -> Path:
    """Write a small module, named after its folder; an existing one is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "module.toml").write_text(CONTRACT.format(name=folder.name))
    metadata = {"version": version, "changelog": {version: "First."}, "scores": scores or {}}
    (folder / "configs" / "metadata.json").write_text(json.dumps(metadata))
    (folder / "configs" / "inference.json").write_text(json.dumps({"network_def": NETWORK}))
    weights = {"weight": np.full((4, 1), seed, np.float32)}
    save_file(weights, folder / "models" / "model.safetensors")
    if code is not None:
        (folder / "predict.py").write_text(code)
    return folder


@pytest.fixture
def make_bundle() -> Callable[..., Path]:
    return write_bundle


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh mlflow.db: its migrations take seconds, so they run once and the file is copied."""
    from pipeline.versions.registry.registry import Registry

    workspace = Workspace(tmp_path_factory.mktemp("store"))
    assert Registry(workspace).names() == ()
    return workspace.mlruns / "mlflow.db"


@pytest.fixture
def workspace(tmp_path: Path, empty_store: Path) -> Workspace:
    """Modules tissue and tumour, an empty registry, no lock; a space in the path on purpose."""
    made = Workspace(tmp_path / "a workspace")
    write_bundle(made.modules / "tissue", seed=1)
    write_bundle(made.modules / "tumour", seed=2, scores={"dice_whole": 0.83}, code="ANSWER = 1\n")
    made.configs.mkdir()
    made.mlruns.mkdir()
    shutil.copy(empty_store, made.mlruns / "mlflow.db")
    return made


@pytest.fixture
def clone(tmp_path: Path, empty_store: Path) -> Callable[[Workspace], Workspace]:
    """Copy what git keeps of a workspace, beside an empty registry."""

    def copied(workspace: Workspace) -> Workspace:
        made = Workspace(tmp_path / "clone")
        for name in ("modules", "configs"):
            shutil.copytree(workspace.root / name, made.root / name)
        made.mlruns.mkdir()
        shutil.copy(empty_store, made.mlruns / "mlflow.db")
        return made

    return copied
