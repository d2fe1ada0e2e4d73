"""The cases a candidate does worst on against the reference version, as pictures."""

from __future__ import annotations

from pipeline.errors import InputError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.pictures import case_pictures
from pipeline.evaluate.stage import Stage
from pipeline.evaluation.comparison import Comparison, Paired
from pipeline.report.comparison.page import Regression

MOST = 3


def regressions(
    found: Comparison, cohort: Cohort, before: Stage, after: Stage
) -> tuple[Regression, ...]:
    """Draw the `MOST` cases with the greatest loss in the cohort's first structure.

    Predictions come from the cache of the validation.
    """
    wanted = {f"dice/{structure.name}" for structure in cohort.structures[:1]}
    judged = next((p for p in found.metrics if p.metric in wanted), None)
    if judged is None:
        return ()
    cases = {case.name: case for case in cohort.cases}
    drawn = []
    for name, difference in worst(judged):
        try:
            pictures = case_pictures(cases[name], cohort, (before, after))
        except InputError:
            continue  # the tables say why the case has no prediction
        drawn.append(Regression(name, judged.metric, difference, pictures))
    return tuple(drawn)


def worst(paired: Paired) -> tuple[tuple[str, float], ...]:
    """Cases and differences, greatest loss first; only cases that got worse."""
    sign = -1 if paired.better == "lower" else 1
    lost = [(case, d) for case, d in paired.differences.items() if sign * d < 0]
    return tuple(sorted(lost, key=lambda entry: sign * entry[1])[:MOST])
