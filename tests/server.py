"""A real MLflow server on loopback, with its own database and artifacts, that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


class Server:
    """Started on entry, ended on exit; `kill` and `start` again keep what it had written."""

    def __init__(self, folder: Path, empty_store: Path) -> None:
        folder.mkdir()
        self.folder = folder
        (folder / "mlflow.db").write_bytes(empty_store.read_bytes())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill(signal.SIGTERM)

    def start(self) -> None:
        self.kill()
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1"]
        command += ["--backend-store-uri", f"sqlite:///{self.folder / 'mlflow.db'}"]
        command += ["--artifacts-destination", str(self.folder / "artifacts")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=os.environ | QUIET,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not self._answers():
            self.kill()
            pytest.skip("mlflow server did not start in two minutes")

    @property
    def group(self) -> int:
        """The process group to kill."""
        assert self.process is not None
        return self.process.pid

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, how)
            self.process.wait(30)

    def _answers(self) -> bool:
        assert self.process is not None
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.uri}/health", timeout=2) as answer:
                    return bool(answer.status == 200)
            except (URLError, OSError):
                time.sleep(0.5)
        return False
