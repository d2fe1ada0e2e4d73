from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from highdicom import Volume

from pipeline.bundle.code import import_file

ROOT = Path(__file__).parents[3]
BUNDLE = ROOT / "modules" / "quality"


@pytest.fixture(scope="session")
def bundle() -> Path:
    return BUNDLE


def part(name: str) -> ModuleType:
    """A file of the bundle, imported as the runner imports it: ``figures.metrics``, ``train``."""
    package = import_file(BUNDLE, "predict.py", "sha256:quality-tests").__package__
    return import_module(f"{package}.{name}")


@pytest.fixture(scope="session")
def code() -> Callable[[str], ModuleType]:
    return part


@pytest.fixture(scope="session")
def data() -> Path:
    folder = Path(os.environ.get("TESSERA_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "tumour").is_dir():
        pytest.skip("real data is not here: set TESSERA_DATA")
    return folder


@pytest.fixture
def head() -> np.ndarray:
    """A sphere of skin, a gap of skull, and a brain of two tissues; float32 (96, 96, 96)."""
    axes = np.ogrid[-1:1:96j, -1:1:96j, -1:1:96j]
    radius = np.sqrt(sum(axis**2 for axis in axes))
    shells = [(0.85, 0.6), (0.78, 0.05), (0.7, 0.5), (0.5, 0.9)]
    image = np.zeros(radius.shape, np.float32)
    for size, value in shells:
        image[radius < size] = value
    return image


def as_volume(array: np.ndarray, spacing_mm: float = 2.0) -> Volume:
    affine = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    return Volume(array, affine, coordinate_system="PATIENT")
