from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from pipeline.train.identity import data_digest, identity
from pipeline.train.recipe import Recipe, Schedule


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("module.toml", "train.py", "configs/train.json", "models/model.safetensors"):
        path = tmp_path / "tissue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    return tmp_path / "tissue"


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    (tmp_path / "image").write_text("as it was")
    return Recipe(
        torch.nn.Linear(1, 1),
        lambda *_: (torch.zeros(1), torch.zeros(1)),
        torch.nn.functional.mse_loss,
        Schedule(10),
        ("a", "b"),
        shared=5,
        files=(tmp_path / "image",),
    )


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("train.py", True),
        ("real.py", True),
        ("configs/train.json", True),
        ("docs.md", False),
        ("module.toml", False),
        ("models/model.safetensors", False),
    ],
)
def test_code_and_settings_count_documents_and_weights_do_not(
    bundle: Path, recipe: Recipe, file: str, counts: bool
) -> None:
    before = identity(bundle, recipe)
    (bundle / file).write_text("changed")
    assert (identity(bundle, recipe) != before) is counts


@pytest.mark.parametrize(
    "change",
    [
        lambda recipe: replace(recipe, schedule=Schedule(11)),
        lambda recipe: replace(recipe, schedule=Schedule(10, seed=1)),
        lambda recipe: replace(recipe, cases=("a",)),
        lambda recipe: replace(recipe, shared=6),
        lambda recipe: replace(recipe, files=()),
        lambda recipe: replace(recipe, network=torch.nn.Linear(1, 2)),
    ],
)
def test_what_is_learnt_from_and_by_counts(
    bundle: Path, recipe: Recipe, change: Callable[[Recipe], Recipe]
) -> None:
    assert identity(bundle, change(recipe)) != identity(bundle, recipe)


def test_folds_differ_and_the_same_recipe_stays_the_same(bundle: Path, recipe: Recipe) -> None:
    assert identity(bundle, recipe, 1) != identity(bundle, recipe, 2)
    again = replace(recipe, network=torch.nn.Linear(1, 1))
    assert identity(bundle, again, 1) == identity(bundle, recipe, 1)


def test_changed_data_have_another_digest_none_have_none(recipe: Recipe) -> None:
    before = data_digest(recipe.files)
    recipe.files[0].write_text("another image")
    assert data_digest(recipe.files) != before
    assert data_digest(()) == ""
