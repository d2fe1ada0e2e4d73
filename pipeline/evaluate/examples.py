"""The best and the worst case of an evaluation, as pictures beside the reference."""

from __future__ import annotations

import math
from collections.abc import Callable

from pipeline.errors import InputError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.pictures import case_pictures
from pipeline.evaluate.stage import Stage
from pipeline.evaluation.scores import CaseScore, Evaluation
from pipeline.report.comparison.evaluation import Example


def examples(
    found: Evaluation, cohort: Cohort, stage_of: Callable[[CaseScore], Stage]
) -> tuple[Example, ...]:
    """Draw the case with the least and the one with the greatest Dice of the first structure.

    Parameters
    ----------
    found : Evaluation
        With a score for each case.
    cohort : Cohort
        What was scored.
    stage_of : callable
        The module that judged a case; its predictions come from the cache.
    """
    cases = {case.name: case for case in cohort.cases}
    drawn = []
    for structure in cohort.structures[:1]:
        metric = f"dice/{structure.name}"
        for title, score in extremes(found, metric):
            try:
                pictures = case_pictures(cases[score.case], cohort, (stage_of(score),))
            except InputError:
                continue  # the tables say why the case has no prediction
            drawn.append(Example(title, score.case, metric, score.values[metric], pictures))
    return tuple(drawn)


def extremes(found: Evaluation, metric: str) -> tuple[tuple[str, CaseScore], ...]:
    """Worst and best case by a metric of which more is better; nothing of fewer than two cases."""
    scored = [case for case in found.cases if math.isfinite(case.values.get(metric, math.nan))]
    ranked = sorted(scored, key=lambda case: case.values[metric])
    return (("Worst case", ranked[0]), ("Best case", ranked[-1])) if len(ranked) > 1 else ()
