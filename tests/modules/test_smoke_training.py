"""The recipes that learn from label maps, for a few steps on a small head."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import pytest

from pipeline.train.train import train
from pipeline.workspace import Workspace

MODULES = Path(__file__).parents[2] / "modules"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A label map in FreeSurfer's numbers, and one skull-stripped T1 with IBSR's labels."""
    radius = np.sqrt(((np.indices((48,) * 3) - 23.5) ** 2).sum(0))
    rings = [radius < 4, radius < 10, radius < 15, radius < 18, radius < 22]
    numbers = np.select(rings, [4, 2, 3, 24, 507], 0)
    labels = np.select(rings[:3], [1, 3, 2], 0)
    head, brain = tmp_path / "data" / "labelmaps", tmp_path / "data" / "tissue" / "one"
    head.mkdir(parents=True)
    brain.mkdir(parents=True)
    save(head / "ball.nii.gz", numbers.astype(np.int16))
    save(brain / "t1.nii.gz", (labels * 40).astype(np.float32))
    save(brain / "seg.nii.gz", labels.astype(np.uint8))
    return tmp_path / "data"


def save(path: Path, array: np.ndarray) -> None:
    nibabel.save(nibabel.Nifti1Image(array, np.diag([-1.0, -1.0, 1.0, 1.0])), path)


def learn(place: Workspace, name: str, data: Path, settings: dict) -> list[str]:
    bundle = place.modules / name
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(MODULES / name, bundle)
    (bundle / "configs" / "train.json").write_text(json.dumps(settings))
    before = (bundle / "models" / "model.safetensors").read_bytes()
    said: list[str] = []
    path = train(place, name, data, None, said.append)
    assert path.read_bytes() != before
    return said


def test_brain(small_workspace: Workspace, data: Path) -> None:
    settings = {"held_out": [], "side_mm": 2.0, "sizes": [32], "schedule": {"steps": 3, "seed": 0}}
    assert learn(small_workspace, "brain", data, settings)[0] == "brain: 1 cases, 3 steps"


def test_tissue_learns_from_painted_heads_first_and_from_real_ones_then(
    small_workspace: Workspace, data: Path
) -> None:
    settings = {
        "patch": 32,
        "synthetic_steps": 1,
        "real": 1.0,
        "folds": [["one"]],
        "schedule": {"steps": 3, "seed": 0},
    }
    assert learn(small_workspace, "tissue", data, settings)[0] == "tissue: 2 cases, 3 steps"
