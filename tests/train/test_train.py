"""`tessera train` on a tiny recipe: weights, the record in MLflow, folds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import BundleError, RegistryError, TesseraError, UsageError
from pipeline.train.train import train
from pipeline.versions.bundles.training import read_training
from pipeline.workspace import Workspace
from tests.server import Server

CODE = """
import json

import numpy as np
import torch
from monai.networks.nets import UNet

from pipeline.train.recipe import Recipe, Schedule


def recipe(bundle, data, fold=None):
    names = [name for name in ("a", "b", "c") if not (fold and name == "abc"[fold - 1])]
    torch.manual_seed(0)

    def draw(rng: np.random.Generator, step: int):
        image = torch.from_numpy(rng.standard_normal((1, 8, 8, 8), np.float32))
        return image, (image > 0).long()

    return Recipe(
        network=UNet(3, 1, 2, (2, 4), (2,), norm="batch"),
        draw=draw,
        loss=lambda output, target: torch.nn.functional.cross_entropy(output, target[:, 0]),
        schedule=Schedule(**json.loads((bundle / "configs/train.json").read_text())["schedule"]),
        cases=tuple(names),
        files=(data / "a.txt",),
    )
"""


@pytest.fixture
def place(small_workspace: Workspace, tmp_path: Path) -> Workspace:
    bundle = small_workspace.modules / "tissue"
    (bundle / "train.py").write_text(CODE)
    settings = {"schedule": {"steps": 60}, "folds": [["a"], ["b"], ["c"]]}
    (bundle / "configs" / "train.json").write_text(json.dumps(settings))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").write_text("images")
    return small_workspace


def run_of(place: Workspace, folder: str):
    from pipeline.versions.open import open_registry

    record = place.root / ".training" / "tissue" / folder / "journal.json"
    return open_registry(place).client.get_run(json.loads(record.read_text())["run_id"])


def weights_of(place: Workspace) -> bytes:
    return (place.modules / "tissue" / "models" / "model.safetensors").read_bytes()


def stop(line: str) -> None:
    if line.startswith("step 50"):
        raise KeyboardInterrupt


def share(place: Workspace, steps: int) -> None:
    """Let the folds of the recipe share so many steps."""
    code = CODE.replace("cases=tuple", f"shared={steps}, cases=tuple")
    (place.modules / "tissue" / "train.py").write_text(code)


def test_training_writes_weights_and_a_run_with_its_curve(place: Workspace, tmp_path: Path) -> None:
    from pipeline.versions.open import open_registry

    said: list[str] = []
    path = train(place, "tissue", tmp_path / "data", None, said.append)
    assert path == place.modules / "tissue" / "models" / "model.safetensors"
    assert said[0] == "tissue: 3 cases, 60 steps"
    run = run_of(place, "all")
    assert run.info.status == "FINISHED"
    assert run.data.params["seed"] == "0"
    assert run.data.tags["cases"] == "a, b, c"
    assert run.data.tags["data.sha256"].startswith("sha256:")
    assert run.data.tags["hardware.processor"]
    assert run.data.metrics["wall_seconds"] > 0
    curve = open_registry(place).client.get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in curve] == [50, 60]


def test_the_record_of_a_training_travels_with_the_weights(
    place: Workspace, tmp_path: Path
) -> None:
    bundle = place.modules / "tissue"
    with pytest.raises(KeyboardInterrupt):
        train(place, "tissue", tmp_path / "data", None, stop)
    assert read_training(bundle) is None, "it has not ended"
    assert run_of(place, "all").info.status == "KILLED"
    train(place, "tissue", tmp_path / "data", None, lambda _: None)
    assert run_of(place, "all").info.status == "FINISHED"
    found = read_training(bundle)
    assert found is not None
    run = run_of(place, "all")
    assert found.settings == run.data.params
    assert found.tags["data.sha256"] == run.data.tags["data.sha256"]
    assert [point.step for point in found.curve] == [50, 60]
    assert found.curve[-1].figures["loss"] == pytest.approx(run.data.metrics["loss"], rel=1e-4)
    assert found.wall_seconds == pytest.approx(run.data.metrics["wall_seconds"], abs=1)


def test_a_fold_leaves_no_record_in_the_bundle(place: Workspace, tmp_path: Path) -> None:
    train(place, "tissue", tmp_path / "data", 10, lambda _: None, fold=2)
    assert read_training(place.modules / "tissue") is None


def test_a_fold_leaves_the_modules_own_weights_alone(place: Workspace, tmp_path: Path) -> None:
    shipped = (place.modules / "tissue" / "models" / "model.safetensors").read_bytes()
    path = train(place, "tissue", tmp_path / "data", 10, lambda _: None, fold=2)
    assert path == place.root / ".training" / "tissue" / "fold-2" / "model.safetensors"
    assert (place.modules / "tissue" / "models" / "model.safetensors").read_bytes() == shipped
    assert run_of(place, "fold-2").data.tags["cases"] == "a, c"
    record = json.loads((path.parent / "fold.json").read_text())
    assert (record["left_out"], record["steps"]) == (["b"], 10)


@pytest.mark.parametrize("steps", [0, -5])
def test_without_a_step_nothing_is_written(place: Workspace, tmp_path: Path, steps: int) -> None:
    shipped = weights_of(place)
    with pytest.raises(UsageError, match=f"tissue cannot be trained for {steps} steps"):
        train(place, "tissue", tmp_path / "data", steps, lambda _: None)
    assert weights_of(place) == shipped
    assert not (place.root / ".training").exists()


def test_a_loss_that_is_not_finite_leaves_the_module_as_it_was(
    place: Workspace, tmp_path: Path
) -> None:
    shipped, code = weights_of(place), CODE.replace("target[:, 0])", "target[:, 0]) * np.nan")
    (place.modules / "tissue" / "train.py").write_text(code)
    with pytest.raises(BundleError, match="At step 1 the loss is nan"):
        train(place, "tissue", tmp_path / "data", 2, lambda _: None)
    assert weights_of(place) == shipped
    assert read_training(place.modules / "tissue") is None
    assert run_of(place, "all").info.status == "FAILED"


def test_a_crash_while_weights_are_written_leaves_no_record_of_others(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(place, "tissue", tmp_path / "data", 1, lambda _: None)
    shutil.rmtree(place.root / ".training")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.train.train.export", full)
        with pytest.raises(OSError, match="No space"):
            train(place, "tissue", tmp_path / "data", 2, lambda _: None)
    assert read_training(place.modules / "tissue") is None
    train(place, "tissue", tmp_path / "data", 2, lambda _: None)
    found = read_training(place.modules / "tissue")
    assert found is not None
    assert found.settings["steps"] == "2"


def test_a_finished_network_is_written_though_no_checkpoint_can_be(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.train.checkpoint.write", full)
    shipped = weights_of(place)
    with pytest.warns(RuntimeWarning, match="No space"):
        train(place, "tissue", tmp_path / "data", 2, lambda _: None)
    assert weights_of(place) != shipped
    assert read_training(place.modules / "tissue") is not None


@pytest.mark.slow
def test_a_server_that_is_away_for_a_while_loses_no_point(
    place: Workspace, tmp_path: Path, fresh_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(tmp_path / "server", fresh_store) as server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")

        def say(line: str) -> None:
            if line.startswith("step 50"):
                server.kill()
            if line.startswith("step 60"):
                server.start()

        with pytest.warns(RuntimeWarning, match=r"does not answer\. Training goes on\."):
            train(place, "tissue", tmp_path / "data", None, say)
        found = read_training(place.modules / "tissue")
        assert found is not None
        assert [point.step for point in found.curve] == [50, 60]


def test_points_that_could_not_be_sent_are_sent_when_training_goes_on(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise RegistryError("It does not answer.", "Start it.")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.train.journal.draw_curve", silent)
        patch.setattr("pipeline.train.journal.give_up", silent)
        patch.setattr("pipeline.train.journal.end", silent)
        with pytest.warns(RuntimeWarning, match="It does not answer"), pytest.raises(RegistryError):
            train(place, "tissue", tmp_path / "data", None, lambda _: None)
    train(place, "tissue", tmp_path / "data", None, lambda _: None)
    found = read_training(place.modules / "tissue")
    assert found is not None
    assert [point.step for point in found.curve] == [50, 60]


def test_a_failure_is_told_though_mlflow_does_not_hear_of_it(
    place: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise RegistryError("It does not answer.", "Start it.")

    monkeypatch.setattr("pipeline.train.journal.give_up", silent)
    with pytest.raises(KeyboardInterrupt):
        train(place, "tissue", tmp_path / "data", None, stop)


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "there is no such file"), ("{", "JSONDecodeError"), ("[]", "table")]
)
def test_settings_that_cannot_be_read_are_named(
    place: Workspace, tmp_path: Path, text: str | None, reason: str
) -> None:
    path = place.modules / "tissue" / "configs" / "train.json"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=rf"train\.json cannot be read: .*{reason}"):
        train(place, "tissue", tmp_path / "data", 1, lambda _: None)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nowhere\n", r"train\.py cannot be imported.*'nowhere'"),
        ("x = 1\n", r"train\.py has no function recipe\(\)"),
        ("recipe = 3\n", r"train\.py has no function recipe\(\)"),
        (CODE.replace("network=", "netwerk="), r"train\.py stopped with TypeError.*'netwerk'"),
        (CODE.replace("return image", "return imagine"), "step 1, .*NameError.*'imagine'"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_named(
    place: Workspace, tmp_path: Path, code: str, said: str
) -> None:
    shipped = weights_of(place)
    (place.modules / "tissue" / "train.py").write_text(code)
    with pytest.raises(BundleError, match=said) as caught:
        train(place, "tissue", tmp_path / "data", 2, lambda _: None)
    assert "register" not in caught.value.remedy, "a recipe runs as it lies there"
    assert weights_of(place) == shipped


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ({"steps": 60, "learning_rat": 1}, "TypeError.*'learning_rat'"),
        ({"steps": "60"}, "steps takes a whole number, not '60'"),
    ],
)
def test_what_is_wrong_with_a_schedule_is_named(
    place: Workspace, tmp_path: Path, schedule: dict[str, object], said: str
) -> None:
    path = place.modules / "tissue" / "configs" / "train.json"
    path.write_text(json.dumps({"schedule": schedule}))
    with pytest.raises(TesseraError, match=said) as caught:
        train(place, "tissue", tmp_path / "data", None, lambda _: None)
    assert "configs/train.json" in caught.value.remedy


def test_a_file_of_the_data_that_is_missing_is_named(place: Workspace, tmp_path: Path) -> None:
    (tmp_path / "data" / "a.txt").unlink()
    with pytest.raises(UsageError, match=r"cannot read a file: .*a\.txt") as caught:
        train(place, "tissue", tmp_path / "data", None, lambda _: None)
    assert "--data" in caught.value.remedy


def test_a_run_whose_samples_cannot_be_drawn_has_failed(place: Workspace, tmp_path: Path) -> None:
    code = CODE.replace(
        "        image = torch", "        open(data / 't1.nii')\n        image = torch"
    )
    (place.modules / "tissue" / "train.py").write_text(code)
    with pytest.raises(UsageError, match=r"step 1, .* cannot read a file: .*t1\.nii"):
        train(place, "tissue", tmp_path / "data", None, lambda _: None)
    assert run_of(place, "all").info.status == "FAILED"


def test_a_try_says_what_to_remove_before_the_training_itself(
    place: Workspace, tmp_path: Path
) -> None:
    said: list[str] = []
    train(place, "tissue", tmp_path / "data", 5, said.append)
    folder = place.root / ".training" / "tissue" / "all"
    assert (
        said[-1] == f"This was a try; remove {folder} before training for another number of steps."
    )
    shutil.rmtree(folder)
    train(place, "tissue", tmp_path / "data", None, said.append)
    assert said[-1].startswith("step 60/60")


def test_an_interrupted_training_goes_on_in_the_same_run(place: Workspace, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(place, "tissue", tmp_path / "data", None, stop)
    before = run_of(place, "all").info.run_id
    train(place, "tissue", tmp_path / "data", None, lambda _: None)
    assert run_of(place, "all").info.run_id == before


def test_a_changed_recipe_does_not_go_on_from_the_old_ones_checkpoint(
    place: Workspace, tmp_path: Path
) -> None:
    folder, said = place.root / ".training" / "tissue" / "fold-1", list[str]()
    train(place, "tissue", tmp_path / "data", 1, said.append, fold=1)
    before = run_of(place, "fold-1").info.run_id
    train(place, "tissue", tmp_path / "data", 1, said.append, fold=1)
    (tmp_path / "data" / "a.txt").write_text("other images")
    with pytest.raises(UsageError, match="begun with another recipe") as caught:
        train(place, "tissue", tmp_path / "data", 1, said.append, fold=1)
    assert str(folder) in caught.value.remedy
    shutil.rmtree(folder)
    train(place, "tissue", tmp_path / "data", 1, said.append, fold=1)
    assert run_of(place, "fold-1").info.run_id != before


def test_a_changed_recipe_does_not_write_into_the_old_ones_run(
    place: Workspace, tmp_path: Path
) -> None:
    """Stopped so early that there is no checkpoint yet."""
    with pytest.raises(KeyboardInterrupt):
        train(place, "tissue", tmp_path / "data", None, stop)
    before = run_of(place, "all").info.run_id
    (tmp_path / "data" / "a.txt").write_text("other images")
    train(place, "tissue", tmp_path / "data", 1, lambda _: None)
    assert run_of(place, "all").info.run_id != before


def test_a_try_leaves_no_shared_steps_to_later_folds(place: Workspace, tmp_path: Path) -> None:
    share(place, 2)
    train(place, "tissue", tmp_path / "data", 4, lambda _: None, fold=1)
    assert not (place.root / ".training" / "tissue" / "shared.pt").exists()


def test_folds_share_their_first_steps_unless_the_recipe_has_changed(
    place: Workspace, tmp_path: Path
) -> None:
    share(place, 50)
    train(place, "tissue", tmp_path / "data", None, lambda _: None, fold=1)
    said: list[str] = []
    train(place, "tissue", tmp_path / "data", None, said.append, fold=2)
    assert [line.partition(":")[0] for line in said[1:]] == ["step 60/60"]
    share(place, 40)
    with pytest.raises(UsageError, match=r"shared\.pt was begun with another recipe"):
        train(place, "tissue", tmp_path / "data", None, said.append, fold=3)
    assert not (place.root / ".training" / "tissue" / "fold-3").exists()


def test_other_data_give_another_digest(place: Workspace, tmp_path: Path) -> None:
    train(place, "tissue", tmp_path / "data", 1, lambda _: None, fold=1)
    first = run_of(place, "fold-1").data.tags["data.sha256"]
    (tmp_path / "data" / "a.txt").write_text("other images")
    train(place, "tissue", tmp_path / "data", 1, lambda _: None, fold=3)
    assert run_of(place, "fold-3").data.tags["data.sha256"] != first


def test_a_module_without_recipe_and_missing_data_are_named(
    place: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"has no train\.py"):
        train(place, "tumour", tmp_path / "data", None, lambda _: None)
    with pytest.raises(UsageError, match="is no folder"):
        train(place, "tissue", tmp_path / "nothing", None, lambda _: None)


@pytest.mark.parametrize("fold", [-1, 0, 4])
def test_a_fold_that_is_not_there_is_named(place: Workspace, tmp_path: Path, fold: int) -> None:
    with pytest.raises(UsageError, match=f"no fold {fold}.*from 1 to 3"):
        train(place, "tissue", tmp_path / "data", 1, lambda _: None, fold)


def test_a_fold_of_a_recipe_that_takes_none_is_refused(place: Workspace, tmp_path: Path) -> None:
    bundle = place.modules / "tissue"
    (bundle / "train.py").write_text(CODE.replace(", fold=None", "").replace("fold", "None"))
    with pytest.raises(UsageError, match="tissue is not trained by folds"):
        train(place, "tissue", tmp_path / "data", 1, lambda _: None, 1)
    (bundle / "configs" / "train.json").write_text(json.dumps({"schedule": {"steps": 60}}))
    with pytest.raises(UsageError, match="tissue is not trained by folds"):
        train(place, "tissue", tmp_path / "data", 1, lambda _: None, 1)
