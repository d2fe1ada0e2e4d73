"""Run one case and score it; a case that was scored before is looked up."""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Iterable
from pathlib import Path

import pipeline
from pipeline.digest import digest
from pipeline.errors import Code, InputError, OutputError
from pipeline.evaluate.cohort.cohort import Cohort, CohortCase
from pipeline.evaluate.cohort.digest import case_digest
from pipeline.evaluate.cohort.images import case_images, case_labels
from pipeline.evaluate.cohort.overlap import lies_outside
from pipeline.evaluate.failed import NO_LABELS, NO_RESULT, failed, failure, failure_of, may_pass
from pipeline.evaluate.record import case_from, case_record
from pipeline.evaluate.score import chance_scores, mask_scores
from pipeline.evaluate.stage import Stage
from pipeline.evaluation.scores import CaseScore
from pipeline.report.write import write_whole
from pipeline.result import Outcome, Result
from pipeline.run.runner import Computed
from pipeline.types import Prediction
from pipeline.versions.environment import computing

# Raised whenever the same files would be scored or measured otherwise.
EDITION = "5"


def score_address(stage: Stage, cohort: Cohort, case: CohortCase) -> str:
    """What a case's scores depend on, as 64 hexadecimal digits."""
    shelf = stage.runner.executor.shelf
    parts = (
        pipeline.__version__,
        f"edition {EDITION}",
        computing(),
        *(f"{name} {shelf.runtime_of(name)}" for name in shelf.order),
        stage.module.digest,
        *(f"{name} {digest}" for name, digest in sorted(stage.upstream.items())),
        f"{cohort.tolerance_mm} {cohort.structures}",
        *(f"near {structure.near} {structure.near_mm}" for structure in cohort.structures),
        case_digest(case),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def known_score(folder: Path, address: str) -> CaseScore | None:
    """A case's scores from an earlier run, None where there are none or they are damaged.

    Nor does a failure count that may have passed.
    """
    try:
        score = case_from(json.loads((folder / f"{address}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if may_pass(score) else score


def keep_score(folder: Path, address: str, score: CaseScore) -> None:
    """Write a case's scores whole or not at all; a failure that may pass is not kept.

    Warns
    -----
    RuntimeWarning
        They cannot be written; that costs time only, when they are asked for again.
    """
    if may_pass(score):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{address}.json", json.dumps(case_record(score)) + "\n")
    except (OSError, OutputError):
        warnings.warn(
            f"{folder} cannot be written: these cases will be scored anew the next time.",
            RuntimeWarning,
            stacklevel=2,
        )


def judge(stage: Stage, cohort: Cohort, case: CohortCase) -> tuple[CaseScore, tuple[Outcome, ...]]:
    """Run the module on one case and score it; what cannot be run, or not scored, is a failure.

    A failure reads ``code: message``.
    """
    stage.meter.reset()
    try:
        done = stage.runner.on_images(case_images(case))
    except InputError as error:
        return failed(case, failure(error.code, error.message), stage.lock), ()
    results = stage.own(done.outcomes)
    if not results:
        return failed(case, _why(stage, done.outcomes), stage.lock), done.outcomes
    try:
        values = _values(stage, cohort, case, done, results)
    except InputError as error:
        return failed(case, failure(NO_LABELS, error.message), stage.lock), done.outcomes
    fresh = not any(result.cached for result in results)
    score = CaseScore(
        case=case.name,
        values=values,
        groups=case.groups,
        output=_output(results),
        seconds=stage.meter.seconds if fresh else math.nan,
        memory_mib=stage.meter.memory_mib if fresh else math.nan,
        lock=stage.lock,
    )
    return score, done.outcomes


def _values(
    stage: Stage, cohort: Cohort, case: CohortCase, done: Computed, results: list[Result]
) -> dict[str, float]:
    measured = tuple(m for result in results for m in result.prediction.measurements)
    values = chance_scores(Prediction(measurements=measured), case)
    placed = stage.runner.place(results[0], done.scene)
    if placed is not None and cohort.structures:
        first, known = done.scene.native[done.scene.reference], case_labels(case)
        if lies_outside(known, first):
            raise InputError(Code.NOT_IMAGE, f"{_name(case)} lies wholly outside the image.")
        values |= mask_scores(placed, known, first, cohort, stage.contract)
    return values


def _name(case: CohortCase) -> str:
    return case.reference.name if case.reference else case.name


def _why(stage: Stage, outcomes: Iterable[Outcome]) -> str:
    troubles = (o for o in outcomes if not isinstance(o, Result))
    own = (trouble for trouble in troubles if trouble.module == stage.module.name)
    return next(map(failure_of, own), NO_RESULT)


def _output(results: Iterable[Result]) -> str:
    digests = [result.output for result in results]
    if len(digests) == 1:
        return digests[0]
    return digest(" ".join(digests).encode())
