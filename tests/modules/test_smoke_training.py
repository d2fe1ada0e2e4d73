"""The recipes, for a few steps: on a small head and small people, and on real ones."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from pipeline.train.train import train
from pipeline.workspace import Workspace

MODULES = Path(__file__).parents[2] / "modules"
TISSUE = {
    "box": [48, 48, 48],
    "synthetic_steps": 1,
    "real": 1.0,
    "folds": [["one"]],
    "schedule": {"steps": 2, "seed": 0},
}
TUMOUR = {
    "box": [48, 48, 48],
    "shares": {"patient": 0.2, "transplanted": 0.5, "healed": 0.1, "healthy": 0.1, "painted": 0.1},
    "folds": [["one", "two"]],
    "schedule": {"steps": 2, "seed": 0},
}


QUALITY = {
    "held_out": [],
    "calibration": [],
    "evidence_only": [],
    "defective": [],
    "scenes": 3,
    "scans": 2,
    "schedule": {"steps": 2, "batch": 2, "seed": 0},
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A label map in FreeSurfer's numbers, a T1 with IBSR's labels, two patients with BraTS's."""
    radius = np.sqrt(((np.indices((48,) * 3) - 23.5) ** 2).sum(0))
    rings = [radius < 4, radius < 10, radius < 15, radius < 18, radius < 22]
    numbers = np.select(rings, [4, 2, 3, 24, 507], 0)
    labels = np.select(rings[:3], [1, 3, 2], 0)
    place = tmp_path / "data"
    save(place / "labelmaps" / "ball.nii.gz", numbers.astype(np.int16))
    save(place / "tissue" / "one" / "t1.nii.gz", (labels * 40).astype(np.float32))
    save(place / "tissue" / "one" / "seg.nii.gz", labels.astype(np.uint8))
    save(place / "clinical" / "four" / "t1.nii.gz", (numbers % 7 * 40).astype(np.float32))
    # The first tumour lies too close to the middle to be healed.
    for name, x in (("two", 28), ("three", 32)):
        tumour = np.zeros(labels.shape, np.uint8)
        tumour[x : x + 4, 20:28, 20:28] = 2
        tumour[x + 1 : x + 3, 22:26, 22:26] = 4
        save(place / "tumour" / name / "seg.nii.gz", tumour)
        for contrast in ("t1c", "flair"):
            image = (labels * 40 + tumour * 30).astype(np.float32)
            save(place / "tumour" / name / f"{contrast}.nii.gz", image)
    return place


@pytest.fixture
def few(tmp_path: Path, real_data: Path) -> Path:
    """One real head, one real T1 with its labels, two real patients, under made-up names."""
    place = tmp_path / "few"
    (place / "labelmaps").mkdir(parents=True)
    head = next((real_data / "labelmaps").glob("*.nii.gz"))
    (place / "labelmaps" / "ball.nii.gz").symlink_to(head)
    for kind, names in (("tissue", ("one",)), ("tumour", ("two", "three"))):
        (place / kind).mkdir()
        for name, folder in zip(names, sorted((real_data / kind).iterdir()), strict=False):
            (place / kind / name).symlink_to(folder)
    return place


def save(path: Path, array: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(array, np.diag([-1.0, -1.0, 1.0, 1.0])), path)


def learn(place: Workspace, name: str, data: Path, settings: dict[str, Any]) -> list[str]:
    bundle = place.modules / name
    shutil.rmtree(bundle, ignore_errors=True)
    shutil.copytree(MODULES / name, bundle)
    (bundle / "configs" / "train.json").write_text(json.dumps(settings))
    before = (bundle / "models" / "model.safetensors").read_bytes()
    said: list[str] = []
    path = train(place, name, data, None, said.append)
    assert path.read_bytes() != before
    assert math.isfinite(float(said[-1].split()[-1])), "the loss"
    return said


def test_brain(small_workspace: Workspace, data: Path) -> None:
    settings = {"held_out": [], "side_mm": 2.0, "sizes": [48], "schedule": {"steps": 3, "seed": 0}}
    assert learn(small_workspace, "brain", data, settings)[0] == "brain: 1 cases, 3 steps"


def test_quality_learns_from_heads_brains_and_label_maps(
    small_workspace: Workspace, data: Path
) -> None:
    assert learn(small_workspace, "quality", data, QUALITY)[0] == "quality: 5 cases, 2 steps"


def test_tissue_learns_from_painted_heads_first_and_from_real_ones_then(
    small_workspace: Workspace, data: Path
) -> None:
    assert learn(small_workspace, "tissue", data, TISSUE)[0] == "tissue: 2 cases, 2 steps"


def test_tumour_learns_from_patients_healthy_people_and_painted_heads(
    small_workspace: Workspace, data: Path
) -> None:
    assert learn(small_workspace, "tumour", data, TUMOUR)[0] == "tumour: 4 cases, 2 steps"


def test_tissue_learns_from_real_files(small_workspace: Workspace, few: Path) -> None:
    settings = TISSUE | {"box": [48, 64, 48]}
    assert learn(small_workspace, "tissue", few, settings)[0] == "tissue: 2 cases, 2 steps"


def test_tumour_learns_from_real_files(small_workspace: Workspace, few: Path) -> None:
    assert learn(small_workspace, "tumour", few, TUMOUR)[0] == "tumour: 4 cases, 2 steps"
