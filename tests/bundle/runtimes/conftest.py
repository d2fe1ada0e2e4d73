from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle.contract import read_contract
from pipeline.bundle.runtimes.choose import OPENVINO, Runtime
from pipeline.bundle.runtimes.settle import Source
from pipeline.result import ModuleRef
from tests.bundles import write_bundle


@pytest.fixture
def source(tmp_path: Path) -> Source:
    bundle = write_bundle(tmp_path / "tissue")
    digest = "sha256:" + "a" * 64
    ref = ModuleRef("tissue", "1.0.0", 1, digest, digest, digest, digest)
    return Source(bundle, ref, read_contract(bundle))


@pytest.fixture
def wanted(tmp_path: Path) -> Runtime:
    return Runtime(OPENVINO, tmp_path / "networks")
