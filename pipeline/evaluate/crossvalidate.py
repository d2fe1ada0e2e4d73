"""Judge each fold's weights on the cases they have not learnt from: one figure for a recipe."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.digest import digest
from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.stage import Placed, Stage, arrange
from pipeline.evaluate.sum_up import evaluation_of, evidence_of
from pipeline.evaluate.validate import require_cohort_of, score_cases
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.scores import CaseScore, Counters, Evaluation
from pipeline.result import ModuleRef
from pipeline.train.fold import fold_place
from pipeline.train.folds import fold_of, read_folds, require_kept_from
from pipeline.versions.bundles.digest import bundle_digest
from pipeline.versions.bundles.metadata import read_metadata
from pipeline.versions.open import open_registry
from pipeline.workspace import Workspace

FOLD = "fold"
WEIGHTS = "model.safetensors"


def crossvalidate(workspace: Workspace, name: str, cohort: Cohort, watch: Watch) -> Evaluation:
    """Run every fold's network on the cases it was kept from, upstream from the lock.

    Parameters
    ----------
    workspace : Workspace
        Its modules/NAME holds the recipe, .training/NAME/fold-N the weights of each fold.
    name : str
        The module, as it lies in modules/.
    cohort : Cohort
        Made for this module; its cases are called what the recipe's folds call them, and a case
        that is in no fold is left out, see `pipeline.evaluate.remarks`.
    watch : Watch
        Told of progress.

    Returns
    -------
    Evaluation
        Its cases carry their fold as a group; its version reads ``1.1.0 by folds``.

    Raises
    ------
    UsageError
        The cohort is for another module or knows none of the folds' cases, the recipe has no folds,
        or a fold has not been trained, or with other cases left out.
    """
    require_cohort_of(name, cohort)
    folds = _parts(cohort, read_folds(workspace.modules / name))
    watch.began(f"{name} by folds on {cohort.name}", sum(len(part.cases) for part in folds))
    stages = [fold_stage(workspace, name, n) for n in range(1, len(folds) + 1)]
    scores: list[CaseScore] = []
    computed, cached = Counter[str](), Counter[str]()
    for number, (stage, part) in enumerate(zip(stages, folds, strict=True), start=1):
        found, counted = score_cases(workspace, stage, part, watch)
        scores += (replace(s, groups={**s.groups, FOLD: str(number)}) for s in found)
        computed.update(counted.computed)
        cached.update(counted.cached)
    counters = Counters(dict(computed), dict(cached))
    judged = replace(cohort, cases=tuple(case for part in folds for case in part.cases))
    evaluation = replace(
        evaluation_of(stages[0], judged, tuple(scores), counters),
        module=_together([stage.module for stage in stages]),
    )
    run_id = open_registry(workspace).record_folds(name, evidence_of(evaluation, stages[0].runtime))
    return replace(evaluation, run_id=run_id)


def _parts(cohort: Cohort, folds: Sequence[Sequence[str]]) -> list[Cohort]:
    """The cohort's cases of each fold."""
    parts = [
        replace(cohort, cases=tuple(case for case in cohort.cases if case.name in fold))
        for fold in folds
    ]
    if not any(part.cases for part in parts):
        raise UsageError(
            f"Cohort {cohort.name} has none of the cases that the folds name.",
            "Name the cohort the module was trained on.",
        )
    return parts


def fold_stage(workspace: Workspace, name: str, number: int) -> Stage:
    """The module with the weights of one fold, beside the fold's checkpoint.

    Raises
    ------
    UsageError
        The fold has not been trained, or was kept from other cases than configs/train.json says.
    """
    place = fold_place(workspace, name, number)
    if not (place / WEIGHTS).is_file():
        raise UsageError(
            f"Fold {number} of {name} has not been trained.",
            f"Train it: tessera train {name} --fold {number} --data DATA",
        )
    require_kept_from(place, fold_of(workspace.modules / name, number))
    folder = place / "bundle"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workspace.modules / name, folder)
    (folder / "models").mkdir(exist_ok=True)
    shutil.copyfile(place / WEIGHTS, folder / "models" / WEIGHTS)
    digests = bundle_digest(folder)
    version = f"{read_metadata(folder).version}-fold.{number}"
    parts = (digests.digest, digests.weights, digests.code, digests.contract)
    return arrange(workspace, name, {name: Placed(ModuleRef(name, version, 0, *parts), folder)})


def _together(folds: Sequence[ModuleRef]) -> ModuleRef:
    """One reference for all folds; its digests are those of the folds' digests in order."""
    bundles, weights = (
        digest(" ".join(digests).encode())
        for digests in ([f.digest for f in folds], [f.weights for f in folds])
    )
    version = f"{folds[0].version.partition('-fold')[0]} by folds"
    return replace(folds[0], version=version, digest=bundles, weights=weights)
