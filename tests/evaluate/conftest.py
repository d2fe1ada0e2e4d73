"""A small workspace with two versions of its labeller and a cohort of balls in NIfTI."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest

from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.conftest import ball

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
COHORT = """\
title = "Bright balls"
module = "{module}"
root = "{root}"
images = {{ T1 = "{{case}}/t1.nii.gz", FLAIR = "{{case}}/flair.nii.gz" }}
reference = "{{case}}/seg.nii.gz"

[[structures]]
name = "bright"
reference = [1]
segments = ["bright"]
lesions = true
"""


def write_nifti(path: Path, array: np.ndarray, affine: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(array, LPS_TO_RAS @ affine), path)


def write_cohort(workspace: Workspace, folder: Path, module: str, names: list[str]) -> None:
    """Balls of rising brightness, labelled where they are brighter than 600."""
    for number, name in enumerate(names):
        volume = ball(1000.0 + 150 * number)
        write_nifti(folder / name / "t1.nii.gz", volume.array, volume.affine)
        write_nifti(folder / name / "flair.nii.gz", volume.array * 1.1, volume.affine)
        labels = (volume.array > 600).astype(np.uint8)
        write_nifti(folder / name / "seg.nii.gz", labels, volume.affine)
    text = COHORT.format(module=module, root=folder)
    for number, name in enumerate(names):
        text += f'\n[[cases]]\nname = "{name}"\nscanner = "{"AB"[number % 2]}"\n'
    workspace.cohorts.mkdir(parents=True, exist_ok=True)
    (workspace.cohorts / f"{module}-balls.toml").write_text(text)


def edit_threshold(workspace: Workspace, version: str, threshold: float) -> None:
    """The labeller with another threshold and version number."""
    configs = workspace.modules / "tissue" / "configs"
    inference = json.loads((configs / "inference.json").read_text())
    inference["parameters"]["threshold"] = threshold
    (configs / "inference.json").write_text(json.dumps(inference))
    metadata = json.loads((configs / "metadata.json").read_text())
    metadata |= {"version": version, "changelog": {version: "another threshold"}}
    (configs / "metadata.json").write_text(json.dumps(metadata))


@pytest.fixture
def names() -> list[str]:
    return ["one", "two", "three", "four"]


@pytest.fixture
def bench(small_workspace: Workspace, tmp_path: Path, names: list[str]) -> Workspace:
    """All modules pinned at 1.0.0, a cohort for tissue and one for tumour."""
    from pipeline.versions.pin import pin

    pin(small_workspace)
    for module in ("tissue", "tumour"):
        write_cohort(small_workspace, tmp_path / "balls", module, names)
    return small_workspace


@pytest.fixture
def candidate(bench: Workspace) -> Version:
    """tissue 1.1.0, whose threshold is another."""
    from pipeline.versions.ensure import ensure

    registry = ensure(bench)
    edit_threshold(bench, "1.1.0", 700.0)
    return registry.register(bench.modules / "tissue", trust=True)


class Silent:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []

    def began(self, title: str, cases: int) -> None:
        pass

    def scored(self, score: object, known: bool) -> None:
        self.said.append((score.case, known))

    def compared(self, case: object) -> None:
        self.said.append((case.case, case.identical))


@pytest.fixture
def watch() -> Silent:
    return Silent()
