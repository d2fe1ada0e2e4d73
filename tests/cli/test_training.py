"""`tessera train` and `crossvalidate`, as a user types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.train.fold import fold_place
from pipeline.workspace import Workspace
from tests.cli.verb import run


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What would be trained, without training it."""
    asked: list[tuple] = []

    def train(_: Workspace, name: str, data: Path, steps: int, say: object, fold: int) -> str:
        asked.append((name, steps, fold))
        return "model.safetensors"

    monkeypatch.setattr("pipeline.train.train.train", train)
    return asked


@pytest.mark.parametrize("steps", [0, -5])
def test_training_without_a_step_is_refused(
    small_workspace: Workspace, learnt: list, steps: int
) -> None:
    ended = run(small_workspace, "train", "tissue", "--data", ".", "--steps", steps)
    assert "greater than or equal to 1" in str(ended.exception)
    assert learnt == []


def test_after_training_register_is_advised_after_a_fold_crossvalidate(
    small_workspace: Workspace, learnt: list
) -> None:
    whole = run(small_workspace, "train", "tissue", "--data", ".").stdout
    fold = run(small_workspace, "train", "tissue", "--data", ".", "--fold", 2).stdout
    assert learnt == [("tissue", None, None), ("tissue", None, 2)]
    assert "then `tessera register tissue --trust`" in whole
    assert "then `tessera crossvalidate tissue --cohort COHORT`" in fold
    assert "register" not in fold


def test_crossvalidate_remarks_do_not_stand_in_its_json(bench: Workspace) -> None:
    tissue, weights = bench.modules / "tissue", "model.safetensors"
    folds = {"folds": [["one", "two"], ["three"]]}
    (tissue / "configs" / "train.json").write_text(json.dumps(folds))
    for number in (1, 2):
        place = fold_place(bench, "tissue", number)
        place.mkdir(parents=True)
        shutil.copy(tissue / "models" / weights, place / weights)
    done = run(bench, "crossvalidate", "tissue", "--cohort", "tissue-balls", "--json")
    assert len(json.loads(done.stdout)["cases"]) == 3
    assert "In no fold of tissue, so not judged: four." in done.stderr
    assert done.stderr.count("does not say for how many steps it was trained.") == 2
