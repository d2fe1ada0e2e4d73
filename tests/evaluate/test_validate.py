"""Validate, compare and upgrade on a small workspace with a real registry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline.bundle.module import Module
from pipeline.errors import ConfigError, UsageError
from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.judge import score_address
from pipeline.evaluate.record import case_record
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import recorded, validate, validated_otherwise
from pipeline.evaluation.scores import CaseScore
from pipeline.versions import environment
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.conftest import ball
from tests.evaluate.conftest import Silent, write_nifti

BROKEN = "not_image: t1.nii.gz is no NIfTI image."


def champion(place: Workspace, name: str = "tissue") -> Version:
    return ensure(place).version(name)


def test_scores_means_and_digests_are_recorded_with_the_version(
    bench: Workspace, watch: Silent, names: list[str]
) -> None:
    done = validate(bench, champion(bench), read_cohort(bench, "tissue-balls"), watch)
    assert [case.case for case in done.cases] == names
    # Labels lie at 600 on a 3 mm grid, the module at 500 on a 4 mm one: close, not equal.
    assert 0.8 < done.summary["dice/bright"].value < 1
    assert done.summary["dice/bright"].n == 4
    assert done.better["dice/bright"] == "higher"
    assert done.counters.computed == {"tissue": 4}
    assert all(case.seconds > 0 and case.memory_mib >= 0 for case in done.cases)
    run = ensure(bench).client.get_run(done.run_id)
    assert run.data.tags["cohort.sha256"] == done.cohort_digest
    assert run.data.tags["module.semver"] == "1.0.0"
    assert run.data.tags["library.numpy"] == np.__version__
    assert run.data.tags["runtime"] in ("torch-cpu", "openvino-cpu", "torch-cuda")
    assert run.data.metrics["dice/bright"] == pytest.approx(done.summary["dice/bright"].value)
    version = champion(bench)
    assert version.tags["validation_status"] == "validated"
    assert version.tags["validation.tissue-balls"] == done.run_id


def test_a_second_validation_scores_nothing_again(bench: Workspace, watch: Silent) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    first = validate(bench, champion(bench), cohort, watch)
    watch.said.clear()
    second = validate(bench, champion(bench), cohort, watch)
    assert all(known for _, known in watch.said)
    assert second.counters.computed == {}
    assert [c.values for c in second.cases] == [c.values for c in first.cases]
    assert {case.lock for case in second.cases} == {first.lock}


def test_an_interrupted_validation_goes_on(bench: Workspace, watch: Silent) -> None:

    class Impatient(Silent):
        def scored(self, score: object, known: bool) -> None:
            if len(self.said) == 1:
                raise KeyboardInterrupt
            super().scored(score, known)

    cohort = read_cohort(bench, "tissue-balls")
    with pytest.raises(KeyboardInterrupt):
        validate(bench, champion(bench), cohort, Impatient())
    validate(bench, champion(bench), cohort, watch)
    assert [known for _, known in watch.said] == [True, True, False, False]


@pytest.mark.parametrize("kind", ["full", "a file"])
def test_scores_that_cannot_be_kept_cost_no_case(
    bench: Workspace, watch: Silent, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    version, cohort = champion(bench), read_cohort(bench, "tissue-balls")
    if kind == "full":
        monkeypatch.setattr("os.fsync", full)
    else:
        bench.scores.parent.mkdir(parents=True, exist_ok=True)
        bench.scores.write_text("a file")
    with pytest.warns(RuntimeWarning, match="scores cannot be written: these cases"):
        done = validate(bench, version, cohort, watch)
    assert done.summary["dice/bright"].n == 4
    assert not list(bench.scores.glob("*"))


def test_upstream_comes_from_the_lock(bench: Workspace, watch: Silent) -> None:
    done = validate(bench, champion(bench, "tumour"), read_cohort(bench, "tumour-balls"), watch)
    assert done.upstream == {"tissue": champion(bench).module.digest}
    assert done.counters.computed == {"tissue": 4, "tumour": 4}


def test_a_recorded_evaluation_is_found_by_the_cohorts_bytes(
    bench: Workspace, watch: Silent, tmp_path: Path
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    done = validate(bench, champion(bench), cohort, watch)
    stage = set_stage(bench, champion(bench))
    found = recorded(bench, champion(bench), cohort, stage)
    assert found is not None
    assert found.run_id == done.run_id
    (tmp_path / "balls" / "one" / "note.txt").write_text("no part of the cohort")
    assert recorded(bench, champion(bench), cohort, stage) is not None
    image = tmp_path / "balls" / "one" / "t1.nii.gz"
    image.write_bytes((tmp_path / "balls" / "two" / "t1.nii.gz").read_bytes())
    assert recorded(bench, champion(bench), cohort, stage) is None


def test_an_evaluation_counts_only_where_tessera_and_the_runtime_are_the_same(
    bench: Workspace, watch: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort, version = read_cohort(bench, "tissue-balls"), champion(bench)
    validate(bench, version, cohort, watch)
    stage, other = set_stage(bench, version), set_stage(bench, version)
    other.runner.executor.shelf._runtimes["tissue"] = "abacus"
    assert recorded(bench, version, cohort, stage) is not None
    assert recorded(bench, version, cohort, other) is None
    monkeypatch.setattr(pipeline, "__version__", "99.0.0")
    assert recorded(bench, version, cohort, stage) is None


def test_a_module_that_stopped_is_given_another_chance(
    bench: Workspace, watch: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    with monkeypatch.context() as patch:
        patch.setattr(Module, "predict", lambda *_: 1 / 0)
        done = validate(bench, champion(bench), cohort, watch)
    assert {case.failure for case in done.cases} == {
        "module_failed: tissue stopped with ZeroDivisionError."
    }
    watch.said.clear()
    again = validate(bench, champion(bench), cohort, watch)
    assert {case.failure for case in again.cases} == {""}
    assert not any(known for _, known in watch.said)


def test_a_failure_that_was_kept_is_not_believed(bench: Workspace, watch: Silent) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    stage = set_stage(bench, champion(bench))
    bench.scores.mkdir(parents=True)
    for case in cohort.cases:
        score = CaseScore(case.name, {}, failure="internal")
        path = bench.scores / f"{score_address(stage, cohort, case)}.json"
        path.write_text(json.dumps(case_record(score)))
    done = validate(bench, champion(bench), cohort, watch)
    assert {case.failure for case in done.cases} == {""}


def test_a_case_that_cannot_be_read_is_a_failure_and_the_others_are_done(
    bench: Workspace, watch: Silent, tmp_path: Path
) -> None:
    (tmp_path / "balls" / "two" / "t1.nii.gz").write_bytes(b"broken")
    done = validate(bench, champion(bench), read_cohort(bench, "tissue-balls"), watch)
    assert [case.failure for case in done.cases] == ["", BROKEN, "", ""]
    assert done.summary["dice/bright"].n == 3


def test_a_cohort_of_another_module_is_refused(bench: Workspace, watch: Silent) -> None:
    with pytest.raises(UsageError, match="is for tumour, not tissue"):
        validate(bench, champion(bench), read_cohort(bench, "tumour-balls"), watch)


def test_a_version_without_a_structures_segment_is_named_before_a_case_is_run(
    bench: Workspace, watch: Silent
) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    foreign = replace(cohort.structures[0], segments=("head", "skull"))
    said = (
        r"Cohort tissue-balls, structure bright: tissue 1\.0\.0 has no segment named head or skull"
    )
    with pytest.raises(ConfigError, match=said) as caught:
        validate(bench, champion(bench), replace(cohort, structures=(foreign,)), watch)
    assert caught.value.remedy.endswith("It has: bright.")
    assert watch.said == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("tissue-balls[T1+FLAIR]", "tissue-balls_T1_FLAIR_"),
        ("St. Mary's (3 T) & co", "St. Mary_s _3 T_ _ co"),
    ],
)
def test_a_cohort_may_be_called_what_no_tag_may(
    bench: Workspace, watch: Silent, name: str, key: str
) -> None:
    cohort = replace(read_cohort(bench, "tissue-balls", "T1,FLAIR"), name=name)
    done = validate(bench, champion(bench), cohort, watch)
    version, scores = champion(bench), ensure(bench).scores(champion(bench))
    assert version.tags[f"validation.{key}"] == f"{done.run_id} ({name})"
    assert scores[f"{key}/dice/bright"] == pytest.approx(done.summary["dice/bright"].value)
    run = ensure(bench).client.get_run(done.run_id)
    assert run.data.tags["cohort"] == name
    assert validated_otherwise(bench, version, cohort)


def test_the_table_and_the_document_lie_in_mlflow(bench: Workspace, watch: Silent) -> None:
    done = validate(bench, champion(bench), read_cohort(bench, "tissue-balls"), watch)
    found = ensure(bench).evidence(champion(bench), {"cohort": "tissue-balls"})
    assert found is not None
    assert found.table.splitlines()[0].startswith("case,scanner,dice/bright")
    assert len(found.table.splitlines()) == 5
    assert json.loads(found.document)["cohort_digest"] == done.cohort_digest


def test_what_counts_as_near_is_part_of_what_a_score_depends_on(bench: Workspace) -> None:
    cohort = read_cohort(bench, "tissue-balls")
    stage, (bright,) = set_stage(bench, champion(bench)), cohort.structures
    addresses = {
        score_address(stage, replace(cohort, structures=(structure,)), cohort.cases[0])
        for structure in (
            bright,
            replace(bright, near=("dark",), near_mm=2.0),
            replace(bright, near=("dark",), near_mm=3.0),
        )
    }
    assert len(addresses) == 3


@pytest.fixture
def updated(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Lets every library be of another version, as in a process after an update."""

    def update() -> None:
        monkeypatch.setattr(environment, "installed", lambda _: "99.0")
        environment.computing.cache_clear()

    yield update
    monkeypatch.undo()
    environment.computing.cache_clear()


def test_another_version_of_a_library_scores_anew(
    bench: Workspace, watch: Silent, updated: Callable[[], None]
) -> None:
    cohort, version = read_cohort(bench, "tissue-balls"), champion(bench)
    validate(bench, version, cohort, watch)
    stage = set_stage(bench, version)
    before = score_address(stage, cohort, cohort.cases[0])
    updated()
    assert score_address(stage, cohort, cohort.cases[0]) != before
    assert recorded(bench, version, cohort, stage) is None
    watch.said.clear()
    validate(bench, version, cohort, watch)
    assert not any(known for _, known in watch.said)
    assert recorded(bench, version, cohort, stage) is not None


def test_a_case_whose_label_map_is_none_is_a_failure_and_the_others_are_done(
    bench: Workspace, watch: Silent, tmp_path: Path
) -> None:
    halves = np.full((8, 8, 8), 0.5, np.float32)
    write_nifti(tmp_path / "balls" / "two" / "seg.nii.gz", halves, np.eye(4))
    cohort = read_cohort(bench, "tissue-balls")
    cases = (*cohort.cases[:2], replace(cohort.cases[2], reference=None), cohort.cases[3])
    done = validate(bench, champion(bench), replace(cohort, cases=cases), watch)
    assert [case.failure for case in done.cases] == [
        "",
        "no_label_map: seg.nii.gz is no label map: it holds fractions.",
        "no_label_map: Case three has no reference labels.",
        "",
    ]
    assert done.summary["dice/bright"].n == 2


def test_a_label_map_beside_the_image_is_no_miss_of_the_module(
    bench: Workspace, watch: Silent, tmp_path: Path
) -> None:
    volume, shift = ball(), np.diag([1.0, 1.0, 1.0, 1.0])
    shift[0, 3] = 500
    labels = (volume.array > 600).astype(np.uint8)
    write_nifti(tmp_path / "balls" / "two" / "seg.nii.gz", labels, shift @ volume.affine)
    done = validate(bench, champion(bench), read_cohort(bench, "tissue-balls"), watch)
    assert done.cases[1].failure == "no_label_map: seg.nii.gz lies wholly outside the image."
    assert done.summary["dice/bright"].value > 0.8
