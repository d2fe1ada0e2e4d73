from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.examples import examples, extremes
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import validate
from pipeline.evaluation.scores import Evaluation
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent


@pytest.fixture
def done(bench: Workspace, candidate: Version, watch: Silent) -> Evaluation:
    return validate(bench, candidate, read_cohort(bench, "tissue-balls"), watch)


def test_the_worst_and_the_best_case_are_drawn_beside_the_reference(
    bench: Workspace, candidate: Version, done: Evaluation
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    worst, best = examples(done, cohort, lambda _: set_stage(bench, candidate))
    assert (worst.title, best.title) == ("Worst case", "Best case")
    assert worst.value == min(case.values["dice/bright"] for case in done.cases)
    assert best.value == max(case.values["dice/bright"] for case in done.cases)
    assert [p.caption for p in worst.pictures] == [
        "reference labels",
        f"tissue {candidate.module.version}",
    ]


def test_a_segment_that_the_version_lacks_is_passed_over(
    bench: Workspace, candidate: Version, done: Evaluation
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    halved = (replace(cohort.structures[0], segments=("left half", "bright")),)
    stage = set_stage(bench, candidate)
    whole, split = (
        examples(done, c, lambda _: stage) for c in (cohort, replace(cohort, structures=halved))
    )
    assert split == whole


def test_one_case_is_neither_best_nor_worst(done: Evaluation) -> None:
    assert extremes(replace(done, cases=done.cases[:1]), "dice/bright") == ()


def test_a_case_without_the_figure_is_no_extreme(done: Evaluation) -> None:
    unscored = replace(done.cases[0], values={})
    found = extremes(replace(done, cases=(unscored, *done.cases[1:])), "dice/bright")
    assert unscored.case not in [score.case for _, score in found]
