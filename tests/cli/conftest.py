from __future__ import annotations

import pytest

from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.evaluate.conftest import bench, candidate, names  # noqa: F401


@pytest.fixture
def place(bench: Workspace, candidate: Version) -> Workspace:  # noqa: F811
    """A workspace with a candidate for tissue, and a cohort of four cases."""
    return bench
