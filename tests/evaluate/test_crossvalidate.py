"""Folds of a tiny module: every case is judged by the network that was kept from it."""

from __future__ import annotations

import json
import shutil

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.crossvalidate import crossvalidate, fold_stage
from pipeline.train.fold import Fold, record_fold
from pipeline.types import Role
from pipeline.versions.open import open_registry
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent


def fold(place: Workspace, number: int) -> None:
    """Weights of a fold, as `tessera train --fold` leaves them."""
    folder = place.root / ".training" / "tissue" / f"fold-{number}"
    folder.mkdir(parents=True)
    shutil.copy(place.modules / "tissue" / "models" / "model.safetensors", folder)


@pytest.fixture
def folded(bench: Workspace) -> Workspace:
    """Two folds of two cases; a third case of theirs is not in the cohort."""
    settings = {"folds": [["one", "three"], ["two", "elsewhere"]]}
    path = bench.modules / "tissue" / "configs" / "train.json"
    path.write_text(json.dumps(settings))
    fold(bench, 1)
    fold(bench, 2)
    return bench


def test_each_case_carries_the_fold_that_left_it_out(folded: Workspace, watch: Silent) -> None:
    done = crossvalidate(folded, "tissue", read_cohort(folded, "tissue-balls"), watch)
    assert [(c.case, c.groups["fold"]) for c in done.cases] == [
        ("one", "1"),
        ("three", "1"),
        ("two", "2"),
    ]
    assert done.summary["dice/bright"].n == 3
    assert done.module.version == "1.0.0 by folds"


def test_it_is_a_run_beside_the_versions_and_belongs_to_none(
    folded: Workspace, watch: Silent
) -> None:
    done = crossvalidate(folded, "tissue", read_cohort(folded, "tissue-balls"), watch)
    run = open_registry(folded).client.get_run(done.run_id)
    assert run.data.tags["tessera.kind"] == "cross-validation"
    assert "module.semver" not in run.data.tags
    assert run.data.metrics["dice/bright"] == pytest.approx(done.summary["dice/bright"].value)


def test_a_narrowed_cohort_has_a_name_and_digest_of_its_own(
    folded: Workspace, watch: Silent
) -> None:
    whole = read_cohort(folded, "tissue-balls")
    less = read_cohort(folded, "tissue-balls", "FLAIR")
    assert less.name == "tissue-balls[FLAIR]"
    assert {role for case in less.cases for role in case.images} == {Role.FLAIR}
    first, second = (crossvalidate(folded, "tissue", c, watch) for c in (whole, less))
    assert first.cohort_digest != second.cohort_digest


@pytest.mark.parametrize("roles", ["T2", "T1,XYZ"])
def test_roles_that_no_case_has_are_refused(folded: Workspace, roles: str) -> None:
    with pytest.raises(UsageError):
        read_cohort(folded, "tissue-balls", roles)


def test_a_fold_that_was_not_trained_is_named(folded: Workspace, watch: Silent) -> None:
    shutil.rmtree(folded.root / ".training" / "tissue" / "fold-2")
    with pytest.raises(UsageError, match="Fold 2 of tissue"):
        crossvalidate(folded, "tissue", read_cohort(folded, "tissue-balls"), watch)


def test_a_fold_that_was_kept_from_other_cases_is_refused(folded: Workspace, watch: Silent) -> None:
    """The folds were changed after it was trained, so it may have learnt from its cases."""
    place = folded.root / ".training" / "tissue" / "fold-2"
    record_fold(place, Fold("a recipe", ["elsewhere", "two"]))
    fold_stage(folded, "tissue", 2)
    record_fold(place, Fold("a recipe", ["one", "elsewhere"]))
    with pytest.raises(UsageError, match="kept from one, elsewhere"):
        crossvalidate(folded, "tissue", read_cohort(folded, "tissue-balls"), watch)


def test_a_recipe_without_folds_is_refused(bench: Workspace, watch: Silent) -> None:
    with pytest.raises(UsageError, match="folds"):
        crossvalidate(bench, "tissue", read_cohort(bench, "tissue-balls"), watch)


def test_a_cohort_of_another_module_is_refused(folded: Workspace, watch: Silent) -> None:
    with pytest.raises(UsageError, match="is for tumour"):
        crossvalidate(folded, "tissue", read_cohort(folded, "tumour-balls"), watch)
