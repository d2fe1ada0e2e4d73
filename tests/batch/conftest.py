from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import write_study


@pytest.fixture
def dicom(tmp_path: Path) -> Path:
    """Two studies."""
    folder = tmp_path / "dicom"
    write_study(folder, "first")
    write_study(folder, "second")
    return folder
