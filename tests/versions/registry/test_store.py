from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.versions.registry.registry import Registry
from pipeline.versions.registry.store import store
from pipeline.workspace import Workspace


@pytest.mark.parametrize("name", ["what?", "a%20b", "%C3%A9"])
def test_a_path_that_is_another_in_an_address_is_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / name)
    with pytest.raises(UsageError, match="cannot keep its database below") as caught:
        Registry(workspace)
    assert "Rename the folder" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    assert store(workspace).artifacts is None


@pytest.mark.parametrize("name", ["100 % a#b@c", "Ödem & co", "a:b;c=d"])
def test_other_paths_hold_their_database(tmp_path: Path, fresh_store: Path, name: str) -> None:
    workspace = Workspace(tmp_path / name)
    workspace.mlruns.mkdir(parents=True)
    (workspace.mlruns / "mlflow.db").write_bytes(fresh_store.read_bytes())
    before = (workspace.mlruns / "mlflow.db").stat().st_mtime_ns
    Registry(workspace).client.create_experiment("here")
    assert (workspace.mlruns / "mlflow.db").stat().st_mtime_ns > before
    assert [path.name for path in tmp_path.iterdir()] == [name]
