from __future__ import annotations

import fcntl
import resource
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from mlflow import MlflowClient

from pipeline.errors import BundleError, LockError, OutputError, RegistryError, TrustError
from pipeline.train.record import write_training
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.training import Point, Training
from pipeline.versions.pin import pin
from pipeline.versions.registry.evaluations import EvaluationRun
from pipeline.versions.registry.registry import Registry
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

Make = Callable[..., Path]
Clone = Callable[[Workspace], Workspace]


@pytest.fixture
def registry(workspace: Workspace) -> Registry:
    return Registry(workspace)


def tissue(registry: Registry) -> Version:
    return registry.register(registry.workspace.modules / "tissue")


def stored(registry: Registry, version: Version) -> Path:
    return next(registry.workspace.mlruns.rglob(f"{version.run_id}/artifacts/bundle"))


def test_the_first_version_is_champion_and_unvalidated(registry: Registry) -> None:
    folder = registry.workspace.modules / "tissue"
    version = registry.register(folder)
    found = bundle_digest(folder)
    assert (version.module.name, version.module.version, version.module.mlflow_version) == (
        *("tissue", "1.0.0"),
        1,
    )
    assert version.aliases == ("champion",)
    assert version.tags == {
        "bundle.sha256": found.digest,
        "bundle.trusted": "not needed",
        "code.sha256": found.code,
        "contract.sha256": found.contract,
        "module.semver": "1.0.0",
        "validation_status": "unvalidated",
        "weights.sha256": found.weights,
    }
    assert registry.names() == ("tissue",)


def test_mlflows_pages_say_what_a_run_and_a_model_are(
    registry: Registry, make_bundle: Make
) -> None:
    tags = registry.client.get_run(tissue(registry).run_id).data.tags
    named = (tags["tessera.kind"], tags["module.semver"], tags["model"])
    assert named == ("version", "1.0.0", "tessera.tissue")
    model = registry.client.get_registered_model("tessera.tissue")
    assert model.description == "A module for tests: Nothing."
    registry.client.update_registered_model("tessera.tissue", "In a person's words.")
    registry.register(make_bundle(registry.workspace.modules / "tissue", "1.1.0"))
    model = registry.client.get_registered_model("tessera.tissue")
    assert model.description == "In a person's words."


def test_a_versions_run_shows_how_its_weights_came_about(registry: Registry) -> None:
    folder = registry.workspace.modules / "tissue"
    curve = tuple(Point(step, {"loss": 1 / step}) for step in range(1, 1502))
    write_training(folder, Training({"seed": "7"}, {"hardware.gpu": "none"}, 12.5, curve))
    run = registry.client.get_run(tissue(registry).run_id)
    assert run.data.params["training.seed"] == "7"
    assert run.data.tags["training.hardware.gpu"] == "none"
    assert run.data.metrics["training.wall_seconds"] == 12.5
    history = registry.client.get_metric_history(run.info.run_id, "training.loss")
    assert [point.step for point in history] == list(range(1, 1502))


def test_a_bundle_whose_record_is_wrong_is_not_registered(registry: Registry) -> None:
    docs = registry.workspace.modules / "tissue" / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "training.json").write_text("{}")
    with pytest.raises(BundleError, match=r"training\.json"):
        tissue(registry)
    assert registry.names() == ()


def test_the_same_content_is_registered_once(registry: Registry) -> None:
    assert tissue(registry) == tissue(registry)
    assert len(registry.versions("tissue")) == 1


def test_a_first_version_that_was_interrupted_becomes_champion_when_registered_again(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "point", killed)
        with pytest.raises(KeyboardInterrupt):
            tissue(registry)
    assert "champion" not in registry.version("tissue", "1.0.0").aliases
    assert "champion" in tissue(registry).aliases
    assert len(registry.versions("tissue")) == 1


def test_registering_again_moves_no_alias_once_there_are_several_versions(
    registry: Registry, make_bundle: Make
) -> None:
    folder = registry.workspace.modules / "tissue"
    tissue(registry)
    registry.register(make_bundle(folder, version="1.1.0"))
    registry.drop("tissue", "champion")
    assert "champion" not in tissue(registry).aliases


def require_locked(lock: Path) -> None:
    with lock.open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_one_registration_waits_for_another(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From before it looks what is there until it is done."""
    seen: list[str] = []

    def watch(name: str) -> None:
        plain = getattr(Registry, name)

        def watched(*arguments: object) -> Any:
            require_locked(registry.workspace.state / "register.lock")
            seen.append(name)
            return plain(*arguments)

        monkeypatch.setattr(Registry, name, watched)

    watch("versions")
    watch("point")
    tissue(registry)
    assert seen == ["versions", "point"]


def test_one_process_makes_the_tables_while_another_waits(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watched(*arguments: str) -> MlflowClient:
        require_locked(workspace.mlruns / "mlflow.lock")
        return MlflowClient(*arguments)

    monkeypatch.setattr("pipeline.versions.registry.registry.MlflowClient", watched)
    assert Registry(workspace).names() == ()


def test_a_version_is_immutable(registry: Registry, make_bundle: Make) -> None:
    first = tissue(registry)
    make_bundle(registry.workspace.modules / "tissue", seed=9)
    with pytest.raises(RegistryError, match="versions are immutable") as caught:
        tissue(registry)
    assert "configs/metadata.json" in caught.value.remedy
    assert registry.versions("tissue") == (first,)


@pytest.mark.parametrize(
    ("key", "value"), [("module.semver", "9.9.9"), ("module.semver", "x"), ("bundle.sha256", "x")]
)
def test_what_stands_under_edited_tags_is_not_registered_again(
    registry: Registry, key: str, value: str
) -> None:
    tissue(registry)
    registry.client.set_model_version_tag("tessera.tissue", "1", key, value)
    with pytest.raises(RegistryError, match="MLflow version 1, whose tags were changed") as caught:
        tissue(registry)
    assert "`tessera verify`" in caught.value.remedy
    assert len(registry.client.search_model_versions("name = 'tessera.tissue'")) == 1


def test_a_later_version_is_no_champion_until_it_is_made_one(
    registry: Registry, make_bundle: Make
) -> None:
    folder = registry.workspace.modules / "tissue"
    numbers = ("1.9.0", "1.10.0", "1.2.0")
    for number in numbers:
        registry.register(make_bundle(folder, version=number))
    found = registry.versions("tissue")
    assert [version.module.version for version in found] == ["1.2.0", "1.9.0", "1.10.0"]
    assert registry.version("tissue").module.version == "1.9.0"
    moved = registry.point(registry.version("tissue", "1.10.0"), "champion")
    assert "champion" in moved.aliases
    assert registry.aliases("tissue") == {"champion": 2}
    assert registry.version("tissue", "champion") == moved


def test_an_unknown_version_is_named_with_those_there_are(registry: Registry) -> None:
    tissue(registry)
    with pytest.raises(RegistryError, match=r"tissue@2\.0\.0 is not registered.*are: 1\.0\.0"):
        registry.version("tissue", "2.0.0")
    with pytest.raises(RegistryError, match="are: none"):
        registry.version("liver")
    with pytest.raises(RegistryError, match="cannot be a module's name"):
        registry.versions("x' OR name LIKE '%")


def test_published_scores_and_cohort_scores_stay_with_the_version(registry: Registry) -> None:
    version = registry.register(registry.workspace.modules / "tumour", trust=True)
    found = {"dice_whole": 0.8, "lesion_f1": 0.7}
    registry.record(version, EvaluationRun({"cohort": "site-b"}, found, "{}", "case"))
    assert registry.scores(version) == {
        "dice_whole": 0.83,
        "site-b/dice_whole": 0.8,
        "site-b/lesion_f1": 0.7,
    }


def test_a_version_stands_on_figures_and_not_on_their_bounds(registry: Registry) -> None:
    version = tissue(registry)
    found = {"auroc": 0.9, "auroc/blur": 0.8, "dice/low": 0.7, "dice/a/b": 0.6}
    bounds = {f"{name}/{side}": 0.5 for name in found for side in ("low", "high")}
    nothing = {"brier": float("nan")}
    evidence = EvaluationRun({"cohort": "site-b"}, {**found, **bounds, **nothing}, "{}", "case")
    registry.record(version, evidence)
    assert registry.scores(version) == {f"site-b/{name}": value for name, value in found.items()}


def test_tags_can_be_added_but_identity_cannot_change(registry: Registry) -> None:
    version = registry.tag(tissue(registry), {"validation_status": "passed"})
    assert version.tags["validation_status"] == "passed"
    with pytest.raises(RegistryError, match=r"bundle\.sha256 cannot be changed"):
        registry.tag(version, {"bundle.sha256": "sha256:" + "0" * 64})


def test_code_is_refused_until_trusted_once(registry: Registry) -> None:
    folder = registry.workspace.modules / "tumour"
    with pytest.raises(TrustError, match=r"predict\.py"):
        registry.register(folder)
    assert registry.versions("tumour") == ()
    version = registry.register(folder, trust=True)
    assert version.trusted
    assert (registry.fetch(version) / "predict.py").read_text() == "ANSWER = 1\n"


def test_code_that_the_lock_pins_is_trusted(workspace: Workspace, clone: Clone) -> None:
    pin(workspace)
    cloned = clone(workspace)
    registry = Registry(cloned)
    assert registry.names() == ()
    assert registry.register(cloned.modules / "tumour").trusted


def test_fetch_gives_what_was_registered_not_what_lies_there_now(
    registry: Registry, make_bundle: Make
) -> None:
    folder = registry.workspace.modules / "tissue"
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    version = tissue(registry)
    make_bundle(folder, seed=9)
    copy = registry.fetch(version)
    assert copy == registry.workspace.bundles / version.module.digest.removeprefix("sha256:")
    assert bundle_digest(copy).digest == version.module.digest != bundle_digest(folder).digest
    assert not (copy / "__pycache__").exists()
    assert [place.name for place in copy.parent.iterdir()] == [copy.name]


def test_a_full_disk_leaves_no_copy_and_says_where(
    registry: Registry, limit: Callable[[int], None]
) -> None:
    version, places = tissue(registry), registry.workspace.bundles
    limit(20)
    with pytest.raises(OutputError, match=rf"{places} cannot be written: .*File too large"):
        registry.fetch(version)
    assert list(places.iterdir()) == []
    limit(resource.RLIM_INFINITY)
    assert bundle_digest(registry.fetch(version)).digest == version.module.digest


def test_a_full_folder_for_temporary_files_registers_nothing(
    registry: Registry, limit: Callable[[int], None]
) -> None:
    limit(20)
    with pytest.raises(OutputError, match=rf"{gettempdir()} cannot be written: File too large"):
        tissue(registry)
    limit(resource.RLIM_INFINITY)
    assert registry.client.search_experiments(filter_string="name = 'tessera.tissue'") == []


@pytest.mark.parametrize("name", ["models/model.safetensors", "new.py", "module.toml"])
def test_a_damaged_copy_is_replaced(registry: Registry, name: str) -> None:
    version = tissue(registry)
    copy = registry.fetch(version)
    (copy / name).write_bytes(b"tampered")
    assert registry.fetch(version) == copy
    assert bundle_digest(copy).digest == version.module.digest


def test_planted_byte_code_is_removed_from_a_copy(registry: Registry) -> None:
    version = tissue(registry)
    copy = registry.fetch(version)
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "predict.cpython-311.pyc").write_bytes(b"planted")
    (copy / "configs" / ".hidden").symlink_to("/etc")
    registry.fetch(version)
    assert not (copy / "__pycache__").exists()
    assert not (copy / "configs" / ".hidden").is_symlink()


def test_a_tampered_artifact_is_refused(registry: Registry) -> None:
    version = tissue(registry)
    weights = stored(registry, version) / "models" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    with pytest.raises(LockError, match=f"expected {version.module.digest}, found sha256:"):
        registry.fetch(version)
    assert list(registry.workspace.bundles.iterdir()) == []


def test_a_vanished_artifact_is_an_error_with_a_remedy(registry: Registry) -> None:
    version = tissue(registry)
    shutil.rmtree(stored(registry, version))
    with pytest.raises(RegistryError, match="MLflow refuses or cannot be reached"):
        registry.fetch(version)


def test_a_digest_that_climbs_out_names_no_version(registry: Registry) -> None:
    from mlflow import MlflowClient

    tissue(registry)
    client = MlflowClient(registry.store.uri, registry.store.uri)
    client.set_model_version_tag("tessera.tissue", "1", "bundle.sha256", "sha256:../../../x")
    assert registry.versions("tissue") == ()


def test_fetched_code_that_nobody_trusted_is_refused(registry: Registry) -> None:
    version = registry.register(registry.workspace.modules / "tumour", trust=True)
    with pytest.raises(TrustError):
        registry.fetch(replace(version, trusted=False))


def test_a_moved_workspace_still_reads_and_says_why_it_cannot_write(
    registry: Registry, tmp_path: Path, make_bundle: Make
) -> None:
    version = tissue(registry)
    moved = Workspace(registry.workspace.root.rename(tmp_path / "moved"))
    again = Registry(moved)
    assert bundle_digest(again.fetch(version)).digest == version.module.digest
    make_bundle(moved.modules / "tissue", version="1.1.0")
    with pytest.raises(RegistryError, match="was moved"):
        again.register(moved.modules / "tissue")


EVALUATION = EvaluationRun({"cohort": "site-b"}, {"dice": 0.8}, "{}", "case")


def test_a_moved_workspace_reads_its_evidence_and_records_none(
    registry: Registry, tmp_path: Path
) -> None:
    version = tissue(registry)
    registry.record(version, EVALUATION)
    again = Registry(Workspace(registry.workspace.root.rename(tmp_path / "moved")))
    found = again.evidence(version, {"cohort": "site-b"})
    assert found is not None
    assert found.document == "{}"
    for record in (
        lambda: again.record(version, EVALUATION),
        lambda: again.require_place("tissue"),
    ):
        with pytest.raises(RegistryError, match="was moved"):
            record()
    assert not registry.workspace.root.exists()


def test_a_copied_workspace_writes_nothing_into_the_original(
    registry: Registry, tmp_path: Path
) -> None:
    version = tissue(registry)
    registry.record(version, EVALUATION)
    shutil.copytree(registry.workspace.root, tmp_path / "copy")
    before = sorted(registry.workspace.root.rglob("*"))
    copy = Registry(Workspace(tmp_path / "copy"))
    with pytest.raises(RegistryError, match="was moved"):
        copy.record(version, EVALUATION)
    assert sorted(registry.workspace.root.rglob("*")) == before
    # Nor does it read there what it has lost itself.
    for path in copy.workspace.mlruns.rglob("evaluation.json"):
        path.unlink()
    with pytest.raises(RegistryError, match=r"evaluation\.json of MLflow run .* is gone") as caught:
        copy.evidence(version, {"cohort": "site-b"})
    assert "validate again" in caught.value.remedy


@pytest.mark.parametrize("version", ["1.0", "01.0.0", "1.0.0-rc1", "1.0.0\n", "", 1, None])
def test_only_plain_semantic_versions(
    registry: Registry, make_bundle: Make, version: object
) -> None:
    folder = make_bundle(registry.workspace.modules / "tissue", version=version)
    with pytest.raises(BundleError, match=r"metadata\.json is missing or wrong"):
        registry.register(folder)


def test_an_unreachable_server_is_an_error_that_hides_the_password(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://user:hunter2@127.0.0.1:9")
    with pytest.raises(RegistryError, match=r"at http://127\.0\.0\.1:9 does not answer") as caught:
        Registry(workspace).versions("tissue")
    assert "hunter2" not in str(caught.value)


def test_a_broken_store_is_an_error_with_a_remedy(workspace: Workspace) -> None:
    (workspace.mlruns / "mlflow.db").write_bytes(b"no database" * 1000)
    with pytest.raises(RegistryError, match="refuses or cannot be reached") as caught:
        Registry(workspace)
    assert "mlruns/" in caught.value.remedy


def test_a_store_that_cannot_be_made_is_an_error(workspace: Workspace) -> None:
    shutil.rmtree(workspace.mlruns)
    workspace.mlruns.write_text("a file")
    with pytest.raises(RegistryError, match="cannot be reached"):
        Registry(workspace)


def test_mlflow_is_quiet(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    (workspace.mlruns / "mlflow.db").unlink()
    tissue(Registry(workspace))
    assert capfd.readouterr() == ("", "")


def test_a_full_database_is_named_and_not_what_stands_in_it(
    registry: Registry, limit: Callable[[int], None], capfd: pytest.CaptureFixture[str]
) -> None:
    version = tissue(registry)
    limit((registry.workspace.mlruns / "mlflow.db").stat().st_size)

    def fill() -> None:
        for _ in range(20):
            registry.record_evidence(version, EvaluationRun({"x": "x" * 5000}, {}, "{}", "case"))

    with pytest.raises(RegistryError, match=r"reached: \(sqlite3\.\w+Error\) (disk|database)"):
        fill()
    limit(resource.RLIM_INFINITY)
    assert capfd.readouterr() == ("", "")
