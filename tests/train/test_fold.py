from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.train.fold import Fold, doubt, read_fold, record_fold
from pipeline.train.folds import require_kept_from
from pipeline.train.identity import instructions


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("module.toml", "train.py", "configs/train.json", "models/model.safetensors"):
        path = tmp_path / "tissue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    settings = {"schedule": {"steps": 60}, "folds": [["a"], ["b"]]}
    (tmp_path / "tissue" / "configs" / "train.json").write_text(json.dumps(settings))
    return tmp_path / "tissue"


@pytest.fixture
def fold(bundle: Path) -> Fold:
    return Fold("a recipe", ["a"], 60, instructions(bundle))


def test_what_was_written_is_read(tmp_path: Path, fold: Fold) -> None:
    assert read_fold(tmp_path) is None
    record_fold(tmp_path, fold)
    assert read_fold(tmp_path) == fold


def test_a_fold_by_the_recipe_as_it_stands_leaves_no_doubt(
    tmp_path: Path, bundle: Path, fold: Fold
) -> None:
    record_fold(tmp_path, fold)
    assert doubt(tmp_path, bundle) == ""


def test_a_fold_of_other_length_is_told(tmp_path: Path, bundle: Path, fold: Fold) -> None:
    record_fold(tmp_path, replace(fold, steps=1))
    assert doubt(tmp_path, bundle) == "was trained with steps = 1, configs/train.json says 60"


@pytest.mark.parametrize("file", ["train.py", "configs/train.json"])
def test_a_recipe_that_has_changed_since_is_told(
    tmp_path: Path, bundle: Path, fold: Fold, file: str
) -> None:
    record_fold(tmp_path, fold)
    with (bundle / file).open("a") as changed:
        changed.write("\n")
    assert "before the module's code or configs/train.json were changed" in doubt(tmp_path, bundle)


def test_an_older_record_is_read_and_told(tmp_path: Path, bundle: Path) -> None:
    """As they were written before they said for how long."""
    (tmp_path / "fold.json").write_text(json.dumps({"recipe": "a recipe", "left_out": ["a"]}))
    require_kept_from(tmp_path, ["a"])
    assert "does not say for how many steps" in doubt(tmp_path, bundle)


@pytest.mark.parametrize("text", ["{", "[]", '{"recipe": "a recipe"}'])
def test_a_damaged_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "fold.json").write_text(text)
    with pytest.raises(UsageError, match=r"fold\.json cannot be read"):
        read_fold(tmp_path)
