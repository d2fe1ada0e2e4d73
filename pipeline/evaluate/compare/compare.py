"""Pair two evaluations of one module on one cohort; pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pipeline.errors import UsageError
from pipeline.evaluate.compare.unpaired import unpaired
from pipeline.evaluate.statistics.agreement import bland_altman
from pipeline.evaluate.statistics.cohort import cohort_metrics, is_cohort_figure, is_raw
from pipeline.evaluate.statistics.holm import holm
from pipeline.evaluate.statistics.paired import pair, pair_cohort
from pipeline.evaluate.statistics.summary import directions
from pipeline.evaluation.comparison import Comparison, Paired, Subgroup
from pipeline.evaluation.evened import evened
from pipeline.evaluation.scores import CaseScore, Evaluation

Cases = Sequence[tuple[CaseScore, CaseScore]]


def compare(reference: Evaluation, candidate: Evaluation) -> Comparison:
    """Compare two versions on the cases both were run on, matched by name.

    Parameters
    ----------
    reference, candidate : Evaluation
        Of one module on one cohort, bytes and all; the versions that fed it may differ.

    Returns
    -------
    Comparison
        A case or a figure that only one of the two has stands in `unpaired`; where a case's truth
        is empty, no figure is as good as the best (`evened`).

    Raises
    ------
    UsageError
        The modules or the cohorts' digests differ, or a case is named twice.
    """
    _check(reference, candidate)
    cases = _matched(reference, candidate)
    ways = _ways(reference, candidate, cases)
    metrics = tuple(_pair(metric, way, cases) for metric, way in ways.items())
    return Comparison(
        reference=reference,
        candidate=candidate,
        metrics=metrics,
        subgroups=_subgroups(ways, cases),
        agreement=tuple(
            bland_altman(found.metric, found.differences.values())
            for found in metrics
            if found.metric.partition("/")[0] == "volume"
        ),
        identical=sum(bool(one.output) and one.output == other.output for one, other in cases),
        unpaired=unpaired(reference, candidate),
    )


def _check(reference: Evaluation, candidate: Evaluation) -> None:
    if reference.module.name != candidate.module.name:
        raise UsageError(
            f"{reference.module.name} and {candidate.module.name} are two modules.",
            "Name two versions of one module.",
        )
    if reference.cohort_digest != candidate.cohort_digest:
        old, new = (f"{e.module.name} {e.module.version}" for e in (reference, candidate))
        raise UsageError(
            f"{old} was validated on {_cohort(reference)}, {new} on {_cohort(candidate)}.",
            f"Validate {old} again: `tessera validate {reference.module.name}"
            f"@{reference.module.version} --cohort {candidate.cohort}`.",
        )
    for evaluation in (reference, candidate):
        names = [case.case for case in evaluation.cases]
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise UsageError(
                f"Cohort {evaluation.cohort} names a case twice: {', '.join(twice)}.",
                "Give every case of the cohort file a name of its own, and validate again.",
            )


def _cohort(evaluation: Evaluation) -> str:
    return f"cohort {evaluation.cohort} ({evaluation.cohort_digest[:19]})"


def _matched(reference: Evaluation, candidate: Evaluation) -> Cases:
    others = {case.case: case for case in candidate.cases if not case.failure}
    kept = (case for case in reference.cases if not case.failure and case.case in others)
    return [evened(case, others[case.case]) for case in kept]


def _ways(reference: Evaluation, candidate: Evaluation, cases: Cases) -> dict[str, str]:
    """By metric, in the order of the first case, which way is better; empty where neither is."""
    versions = tuple(zip(*cases, strict=True))
    each = (case.values for version in versions for case in version)
    names = dict.fromkeys(name for values in each for name in values if not is_raw(name))
    whole = dict.fromkeys(name for version in versions for name in cohort_metrics(version))
    known: Mapping[str, str] = {**directions((*names, *whole)), **reference.better}
    return {name: {**known, **candidate.better}.get(name, "") for name in (*names, *whole)}


def _pair(metric: str, way: str, cases: Cases) -> Paired:
    if is_cohort_figure(metric):
        return pair_cohort(metric, way, [one for one, _ in cases], [other for _, other in cases])
    values = [
        {case.case: case.values.get(metric, math.nan) for case in v}
        for v in zip(*cases, strict=True)
    ]
    return pair(metric, way, values[0], values[1])


def _subgroups(ways: Mapping[str, str], cases: Cases) -> tuple[Subgroup, ...]:
    found = [
        (column, value, _pair(metric, way, members))
        for column, value, members in _groups(cases)
        for metric, way in ways.items()
        if way
    ]
    adjusted = holm([paired.p_value for *_, paired in found])
    return tuple(
        Subgroup(column, value, paired, p)
        for (column, value, paired), p in zip(found, adjusted, strict=True)
    )


def _groups(cases: Cases) -> Iterator[tuple[str, str, Cases]]:
    for column in dict.fromkeys(column for case, _ in cases for column in case.groups):
        for value in sorted({case.groups[column] for case, _ in cases if column in case.groups}):
            yield column, value, [c for c in cases if c[0].groups.get(column) == value]
