"""What one version has and the other lacks: it makes no difference, and must not vanish either."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pipeline.evaluate.statistics.cohort import TRUTH
from pipeline.evaluation.comparison import Unpaired
from pipeline.evaluation.evened import evened
from pipeline.evaluation.scores import CaseScore, Evaluation

ABSENT = "absent"
UNDEFINED = "undefined"


def unpaired(reference: Evaluation, candidate: Evaluation) -> tuple[Unpaired, ...]:
    """List the cases, and the single figures, that only one of two evaluations has.

    A case that failed in both is no difference between them and is not listed; nor is a figure that
    a version lacks because it rightly found nothing.
    """
    old, new = ({case.case: case for case in e.cases} for e in (reference, candidate))
    return tuple(
        entry
        for name in dict.fromkeys((*old, *new))
        for entry in _of_case(name, old.get(name), new.get(name))
    )


def _of_case(name: str, old: CaseScore | None, new: CaseScore | None) -> Iterator[Unpaired]:
    sides = (("reference", _reason(old)), ("candidate", _reason(new)))
    missing = [Unpaired(name, "", side, reason) for side, reason in sides if reason]
    if len(missing) == 1:
        yield from missing
    if missing or old is None or new is None:
        return
    before, after = (_defined(case) for case in evened(old, new))
    yield from (Unpaired(name, m, "reference", UNDEFINED) for m in after if m not in before)
    yield from (Unpaired(name, m, "candidate", UNDEFINED) for m in before if m not in after)


def _reason(case: CaseScore | None) -> str:
    return ABSENT if case is None else case.failure


def _defined(case: CaseScore) -> dict[str, float]:
    values = case.values.items()
    return {n: v for n, v in values if not math.isnan(v) and not n.startswith(TRUTH)}
