"""Where MLflow keeps its records: the workspace's own sqlite file, or a server."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.workspace import Workspace

# In an address ? ends the path, and %20 is a space. Quoted, MLflow opens the right file, but makes
# a folder of the quoted name beside it.
READ_OTHERWISE = re.compile(r"\?|%[0-9A-Fa-f]{2}")
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
        return page_of(self.uri)


def store(workspace: Workspace) -> Store:
    """Return the server in ``MLFLOW_TRACKING_URI``, else the store embedded in `workspace`.

    Raises
    ------
    UsageError
        The path of the workspace would be another as a database's address.
    """
    server = os.environ.get(SERVER, "")
    if server:
        return Store(server, None)
    _require_plain(workspace.root)
    return Store(f"sqlite:///{workspace.mlruns / 'mlflow.db'}", workspace.mlruns / "artifacts")


def page_of(uri: str) -> str:
    """Return an address without the name and the password it may hold, whatever is in them."""
    return re.sub(r"//.*@", "//", uri)


def _require_plain(root: Path) -> None:
    found = READ_OTHERWISE.search(str(root))
    if found:
        raise UsageError(
            f"MLflow cannot keep its database below {root}: it reads {found[0]!r} as something "
            "else.",
            f"Rename the folder, or name a server in {SERVER}.",
        )
