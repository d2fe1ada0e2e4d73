"""What one version has and the other lacks: it makes no difference, and must not vanish either."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pipeline.evaluate.statistics.cohort import TRUTH
from pipeline.evaluation.comparison import Unpaired
from pipeline.evaluation.scores import CaseScore, Evaluation

ABSENT = "absent"
UNDEFINED = "undefined"


def unpaired(reference: Evaluation, candidate: Evaluation) -> tuple[Unpaired, ...]:
    """List the cases, and the single figures, that only one of two evaluations has.

    A case that failed in both is no difference between them and is not listed.
    """
    old, new = ({case.case: case for case in e.cases} for e in (reference, candidate))
    return tuple(
        entry
        for name in dict.fromkeys((*old, *new))
        for entry in _of_case(name, {"reference": old.get(name), "candidate": new.get(name)})
    )


def _of_case(name: str, versions: Mapping[str, CaseScore | None]) -> Iterator[Unpaired]:
    missing = {side: _reason(case) for side, case in versions.items() if _reason(case)}
    if missing:
        if len(missing) == 1:
            yield from (Unpaired(name, "", side, reason) for side, reason in missing.items())
        return
    defined = {side: _defined(case) for side, case in versions.items()}
    for side, other in (("reference", "candidate"), ("candidate", "reference")):
        for metric in defined[other]:
            if metric not in defined[side]:
                yield Unpaired(name, metric, side, UNDEFINED)


def _reason(case: CaseScore | None) -> str:
    return ABSENT if case is None else case.failure


def _defined(case: CaseScore | None) -> dict[str, float]:
    values = case.values if case else {}
    return {n: v for n, v in values.items() if not math.isnan(v) and not n.startswith(TRUTH)}
