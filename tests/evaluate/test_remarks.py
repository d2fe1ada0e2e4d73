from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.remarks import remarks
from pipeline.train.fold import Fold, fold_place, record_fold
from pipeline.workspace import Workspace


def trained(place: Workspace, number: int, fold: Fold) -> None:
    folder = fold_place(place, "tissue", number)
    folder.mkdir(parents=True, exist_ok=True)
    record_fold(folder, fold)


@pytest.fixture
def cohort(bench: Workspace) -> Cohort:
    """Four cases: one to four; the recipe has two folds of 60 steps."""
    return read_cohort(bench, "tissue-balls")


def write_folds(place: Workspace, *folds: list[str]) -> None:
    path: Path = place.modules / "tissue" / "configs" / "train.json"
    path.write_text(json.dumps({"schedule": {"steps": 60}, "folds": folds}))


def test_folds_of_every_case_and_full_length_need_no_remark(
    bench: Workspace, cohort: Cohort
) -> None:
    write_folds(bench, ["one", "two"], ["three", "four"])
    trained(bench, 1, Fold("a recipe", ["one", "two"], 60))
    trained(bench, 2, Fold("a recipe", ["three", "four"], 60))
    assert remarks(bench, "tissue", cohort) == ()


def test_cases_in_no_fold_and_folds_of_another_length_are_named(
    bench: Workspace, cohort: Cohort
) -> None:
    write_folds(bench, ["one"], ["three"])
    trained(bench, 1, Fold("a recipe", ["one"], 1))
    assert remarks(bench, "tissue", cohort) == (
        "In no fold of tissue, so not judged: two, four.",
        "Fold 1 of tissue was trained with steps = 1, configs/train.json says 60.",
        "Fold 2 of tissue does not say for how many steps it was trained.",
    )
