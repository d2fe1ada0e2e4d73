"""How far two predictions for one study agree, when nobody knows the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.bundle.contract import Contract
from pipeline.evaluate.overlaps import beyond_compare, overlaps
from pipeline.evaluation.unlabelled import Agreed
from pipeline.result import Result
from pipeline.types import Measurement


def agree(
    case: str,
    before: Sequence[Result],
    after: Sequence[Result],
    contracts: tuple[Contract, Contract],
) -> Agreed:
    """Compare the results of two versions of one module on one study.

    Parameters
    ----------
    case : str
        The study's name.
    before, after : sequence of Result
        One a series for a series-level module, else one each.
    contracts : tuple of Contract
        The reference's and the candidate's; segments are compared by name.
    """
    if not before or not after:
        return Agreed(case, {}, failure=_missing(before, after))
    labels = before[0].prediction.labels, after[0].prediction.labels
    return Agreed(
        case=case,
        values={
            **dict(overlaps(labels, contracts)),
            **dict(_moved(_measured(before), _measured(after))),
        },
        changes=(
            *_verdicts(before, after),
            *_lesions(before, after),
            *beyond_compare(labels, contracts),
        ),
        identical=[r.output for r in before] == [r.output for r in after],
    )


def _missing(before: Sequence[Result], after: Sequence[Result]) -> str:
    if not before and not after:
        return "neither version gave a result"
    return f"only the {'candidate' if after else 'reference'} gave a result"


def _moved(
    before: Sequence[Measurement], after: Sequence[Measurement]
) -> Iterator[tuple[str, float]]:
    known = {(m.name, m.role): m.value for m in before}
    for measurement in after:
        key = (measurement.name, measurement.role)
        if key in known:
            kind = "change_ml" if measurement.unit == "mL" else "change"
            on = f" {measurement.role}" if measurement.role else ""
            yield f"{kind}/{measurement.name}{on}", measurement.value - known[key]


def _verdicts(before: Sequence[Result], after: Sequence[Result]) -> Iterator[str]:
    known = {a.role: a.verdict for r in before for a in r.prediction.assessments}
    for result in after:
        for assessment in result.prediction.assessments:
            former = known.get(assessment.role)
            if former is not None and former is not assessment.verdict:
                yield f"{assessment.role}: {former} → {assessment.verdict}"


def _lesions(before: Sequence[Result], after: Sequence[Result]) -> Iterator[str]:
    first, second = (sum(len(r.prediction.findings) for r in side) for side in (before, after))
    if first != second:
        yield f"lesions: {first} → {second}"


def _measured(results: Sequence[Result]) -> tuple[Measurement, ...]:
    return tuple(m for result in results for m in result.prediction.measurements)
