from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.demo.cohort import Cohort, write_cohort

QUICK_MM = 3


@pytest.fixture(scope="session")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """The whole cohort in voxels of 3 mm: the same studies, a thirtieth of the time."""
    folder: Path = tmp_path_factory.mktemp("cohort")
    return write_cohort(folder, seed=0, spacing=QUICK_MM)
