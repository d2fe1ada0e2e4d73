"""Where MLflow keeps its records: the workspace's own sqlite file, or a server."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.workspace import Workspace

SERVER = "MLFLOW_TRACKING_URI"
ARTIFACT = "bundle"


@dataclass(frozen=True)
class Store:
    """An MLflow address; `artifacts` is the local folder of them, None where a server has them."""

    uri: str
    artifacts: Path | None

    @property
    def exists(self) -> bool:
        """False only for an embedded store that nothing was registered in yet."""
        return self.artifacts is None or self.artifacts.is_dir()

    @property
    def page(self) -> str:
        """The server's address without the password it may hold."""
        return re.sub(r"//[^/@]*@", "//", self.uri)


def store(workspace: Workspace) -> Store:
    """Return the server in ``MLFLOW_TRACKING_URI``, else the store embedded in `workspace`."""
    server = os.environ.get(SERVER, "")
    if server:
        return Store(server, None)
    return Store(f"sqlite:///{workspace.mlruns / 'mlflow.db'}", workspace.mlruns / "artifacts")
