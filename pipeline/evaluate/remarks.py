"""What to know of a cross-validation's scores beside the scores."""

from __future__ import annotations

from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.train.fold import doubt, fold_place
from pipeline.train.folds import read_folds
from pipeline.workspace import Workspace


def remarks(workspace: Workspace, name: str, cohort: Cohort) -> tuple[str, ...]:
    """Name the cases that no fold judges, and the folds whose weights show another recipe.

    Parameters
    ----------
    workspace, name, cohort
        Those of `pipeline.evaluate.crossvalidate`.

    Returns
    -------
    tuple of str
        One sentence each.

    Raises
    ------
    UsageError
        The recipe has no folds, or a fold's record cannot be read.
    """
    bundle = workspace.modules / name
    folds = read_folds(bundle)
    named = {case for fold in folds for case in fold}
    unjudged = ", ".join(case.name for case in cohort.cases if case.name not in named)
    said = [f"In no fold of {name}, so not judged: {unjudged}."] if unjudged else []
    for number in range(1, len(folds) + 1):
        reason = doubt(fold_place(workspace, name, number), bundle)
        said += [f"Fold {number} of {name} {reason}."] if reason else []
    return tuple(said)
