"""The same registry against a real MLflow server, whose artifacts travel over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mlflow import environment_variables

from pipeline.audit.verify import verify
from pipeline.errors import RegistryError
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import read_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.evaluations import EvaluationRun
from pipeline.versions.registry.examine import was_registered
from pipeline.versions.registry.judged import last_judged
from pipeline.versions.registry.quiet import quiet
from pipeline.versions.registry.sealed import Seal, seal_of
from pipeline.versions.registry.search import find_rows
from pipeline.workspace import Workspace
from tests.proxy import HANG, LOSE, REFUSE, RESET, SERVE, Proxy
from tests.server import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Before the server; who asks is soon tired of waiting."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with Proxy(int(server.rpartition(":")[2])) as started:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", started.uri)
        yield started


@pytest.fixture
def server(tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with Server(tmp_path / "server", empty_store) as started:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", started.uri)
        yield started.uri


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
    run_id = registry.record(newer, EvaluationRun({"cohort": "site-b"}, {}, "{}", "case"))
    found = registry.evidence(newer, {"cohort": "site-b"})
    assert found is not None
    assert (found.document, found.run_id) == ("{}", run_id)
    assert seal_of(registry.client, registry.store, run_id) is Seal.WHOLE
    assert last_judged(registry, newer, [run_id]) is not None
    assert was_registered(registry, "tissue", newer.module.digest)
    assert not was_registered(registry, "tissue", "sha256:" + "0" * 64)
    assert not (workspace.mlruns / "artifacts").exists()


def test_a_server_that_hangs_is_not_waited_for_again(
    workspace: Workspace, proxy: Proxy, make_bundle: Callable[..., Path]
) -> None:
    registry = ensure(workspace)
    version = registry.version("tumour")
    proxy.fail(HANG, "/runs/log-batch")
    evidence = EvaluationRun({"cohort": "site-b"}, {}, "{}", "case")
    for work in (
        lambda: registry.record_evidence(version, evidence),
        lambda: registry.register(make_bundle(workspace.modules / "tissue", "1.1.0")),
    ):
        with pytest.raises(RegistryError, match="does not answer"):
            work()
        asked = [request for request in proxy.seen if "runs/" in request]
        assert "log-batch" in asked[-1], "and not whether the run may be closed"


def test_a_server_that_only_answers_with_errors_is_not_called_silent(
    workspace: Workspace, proxy: Proxy
) -> None:
    proxy.fail(REFUSE, "/")
    with pytest.raises(RegistryError, match="reached: too many 500 error responses"):
        ensure(workspace)


def test_a_version_whose_creation_was_asked_for_twice_is_one(
    workspace: Workspace,
    proxy: Proxy,
    make_bundle: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first answer is lost, and MLflow's client asks again."""
    registry = ensure(workspace)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    proxy.fail(LOSE, "model-versions/create", once=True)
    newer = registry.register(make_bundle(workspace.modules / "tissue", "1.1.0"))
    assert len(find_rows(registry.client, "tissue")) == 3
    assert [version.module.mlflow_version for version in registry.versions("tissue")] == [1, 2]
    assert registry.register(workspace.modules / "tissue") == newer
    assert verify(workspace) == ()
    # Whoever sets an alias in MLflow may take the other one.
    registry.client.set_registered_model_alias("tessera.tissue", "champion", "3")
    assert registry.version("tissue").module == newer.module
    assert "champion is MLflow version 3" in verify(workspace)[0].message
    pin(workspace)
    assert read_lock(workspace.lock).modules["tissue"].version == "1.1.0"


def test_a_silent_server_is_no_tampering(
    workspace: Workspace, proxy: Proxy, tmp_path: Path
) -> None:
    registry = ensure(workspace)
    version = registry.version("tumour")
    run_id = registry.record(version, EvaluationRun({"cohort": "site-b"}, {}, "{}", "case"))
    assert verify(workspace) == ()
    for how, what in (
        (RESET, "/artifacts/"),
        (REFUSE, "/artifacts/"),
        (RESET, "/artifacts"),
        (RESET, "/runs/get"),
    ):
        proxy.fail(how, what)
        with pytest.raises(RegistryError, match="MLflow"):
            verify(workspace)
        with pytest.raises(RegistryError, match="MLflow"):
            seal_of(registry.client, registry.store, run_id)
    proxy.faulty = lambda request: SERVE
    files = next(tmp_path.glob(f"server/artifacts/*/{version.run_id}/artifacts/bundle"))
    shutil.rmtree(files)
    next(tmp_path.glob(f"server/artifacts/*/{run_id}/artifacts/evaluation.json")).unlink()
    assert [(found.kind, found.subject) for found in verify(workspace)] == [
        ("artifact", "tumour@1.0.0")
    ]
    assert seal_of(registry.client, registry.store, run_id) is Seal.UNREADABLE


def test_a_promotion_under_way_is_not_told_of_a_silent_server(
    workspace: Workspace, proxy: Proxy
) -> None:
    ensure(workspace)
    looks: list[str] = []

    def faulty(request: str) -> str:
        # Of a module its files are asked for, and then who is promoting it.
        if "registered-models/get" in request and looks == ["artifacts"]:
            looks.append("claim")
            return RESET
        if "mlflow-artifacts" in request and not looks:
            looks.append("artifacts")
        return SERVE

    proxy.faulty = faulty
    with pytest.raises(RegistryError, match="does not answer"):
        verify(workspace)


def test_a_server_is_not_waited_for_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT", raising=False)
    with quiet():
        assert environment_variables.MLFLOW_HTTP_REQUEST_TIMEOUT.get() == 30
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "300")
    with quiet():
        assert environment_variables.MLFLOW_HTTP_REQUEST_TIMEOUT.get() == 300
