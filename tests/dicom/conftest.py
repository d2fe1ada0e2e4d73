from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def real_dicom() -> Path:
    """The folder of real DICOM series, or a skip."""
    folder = ROOT / os.environ.get("TESSERA_DATA", "../shared/data") / "dicom"
    if not folder.is_dir():
        pytest.skip(f"needs real DICOM in {folder}; set TESSERA_DATA")
    return folder
