"""The same registry against a real MLflow server, whose artifacts travel over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import read_lock
from pipeline.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    uri = f"http://127.0.0.1:{port}"
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "mlflow.db").write_bytes(empty_store.read_bytes())
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--workers", "1"]
    command += ["--artifacts-destination", str(folder / "artifacts")]
    quiet = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=quiet, stdout=log, stderr=log, start_new_session=True
        )
        try:
            if not _answers(uri, process):
                pytest.skip("mlflow server did not start in two minutes")
            monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
            yield uri
        finally:
            os.killpg(process.pid, 15)
            process.wait(30)


def _answers(uri: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            time.sleep(0.5)
    return False


def test_register_pin_and_fetch_through_a_server(
    workspace: Workspace, server: str, make_bundle: Callable[..., Path]
) -> None:
    registry = ensure(workspace)
    assert registry.store.uri == server
    lock = read_lock(workspace.lock)
    places = materialise(workspace, lock)
    assert {name: bundle_digest(place).digest for name, place in places.items()} == {
        name: module.digest for name, module in lock.modules.items()
    }
    assert registry.scores(registry.version("tumour")) == {"dice_whole": 0.83}
    newer = registry.register(make_bundle(workspace.modules / "tissue", "1.1.0", seed=9))
    assert registry.point(newer, "challenger").aliases == ("challenger",)
    assert not (workspace.mlruns / "artifacts").exists()
