from __future__ import annotations

import os
import resource
import shutil
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
from highdicom import Volume
from pydicom.uid import generate_uid

from pipeline.types import Role
from pipeline.workspace import Workspace
from tests import bundles
from tests.wrap import wrap

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real volumes and DICOM, or a skip."""
    folder = ROOT / os.environ.get("TESSERA_DATA", "../shared/data")
    if not folder.is_dir():
        pytest.skip(f"needs real data in {folder}; set TESSERA_DATA")
    return folder


@pytest.fixture(scope="session")
def fresh_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty mlflow.db; making one takes seconds, so it is made once and copied."""
    from pipeline.versions.registry.registry import Registry

    made = Workspace(tmp_path_factory.mktemp("store"))
    assert Registry(made).names() == ()
    return made.mlruns / "mlflow.db"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT and SIGTERM as on the command line, here and in what is started from here.

    A shell starts what it puts in the background with interruptions ignored.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    former = [signal.signal(one, signal.default_int_handler) for one in signals]
    yield
    for one, handler in zip(signals, former, strict=True):
        signal.signal(one, handler)


@pytest.fixture
def limit() -> Iterator[Callable[[int], None]]:
    """How long a file may become: to write more fails, as on a full disk."""
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    signal.signal(signal.SIGXFSZ, former)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Lift a test's `limit` before pytest reports, which may be to a file as well."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        return (yield)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


@pytest.fixture
def small_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_store: Path
) -> Workspace:
    """Three small modules: quality gates, tissue labels, tumour needs tissue and T1c or FLAIR."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    made = Workspace(tmp_path / "site")
    made.configs.mkdir(parents=True)
    made.mlruns.mkdir()
    shutil.copy(fresh_store, made.mlruns / "mlflow.db")
    gate = {"least_spread": 5.0}
    bundles.write_bundle(
        made.modules / "quality", level="series", code=bundles.GATE, parameters=gate
    )
    bundles.write_bundle(
        made.modules / "tissue", code=bundles.LABELLER, parameters={"threshold": 500.0}
    )
    bundles.write_bundle(
        made.modules / "tumour", take="all", upstream=("tissue",), at_least=("T1c", "FLAIR")
    )
    return made


def ball(brightness: float = 2000.0, frame_of_reference: str = "1.2.3.4") -> Volume:
    """A bright ball with a brighter dot left of its centre, 3 mm slices, in patient space."""
    shape = np.array([40, 44, 24])
    spacing = np.array([3.0, 3.0, 4.0])
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = -(shape - 1) / 2 * spacing
    where = np.indices(shape).reshape(3, -1).T * spacing + affine[:3, 3]
    image = brightness * (np.linalg.norm(where, axis=1) < 45)
    image += brightness * 0.8 * (np.linalg.norm(where - [20.0, 5.0, 0.0], axis=1) < 9)
    image += np.random.default_rng(0).normal(30, 5, len(image))
    return Volume(
        image.reshape(shape).astype(np.float32),
        affine,
        coordinate_system="PATIENT",
        frame_of_reference_uid=frame_of_reference,
    )


def write_study(folder: Path, name: str, roles: tuple[Role, ...] = (Role.T1, Role.FLAIR)) -> Path:
    """A study of balls, one series a role, all in one frame of reference."""
    frame = generate_uid(entropy_srcs=[name])
    for number, role in enumerate(roles, start=1):
        wrap(ball(1000.0 + 300 * number, frame), folder / name / role, role, name, number)
    return folder / name
