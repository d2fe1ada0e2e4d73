"""Time and memory: ratios on the cases that both versions really computed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.evaluation.scores import CaseScore
from pipeline.versions.policy.policy import Budget

KIND = "budget"


def budgets(comparison: Comparison, asked: Budget) -> Iterator[Criterion]:
    """Apply the limits there are: total time, and the highest peak of memory."""
    if asked.seconds is not None:
        yield _ratio(comparison, "seconds", asked.seconds, sum)
    if asked.memory is not None:
        yield _ratio(comparison, "memory_mib", asked.memory, max)


def _ratio(
    comparison: Comparison, field: str, limit: float, total: Callable[[list[float]], float]
) -> Criterion:
    before, after = _measured(comparison, field)
    name = "time" if field == "seconds" else "memory"
    if not before or not total(before):
        reason = f"No case was measured in both versions (cached): {name} cannot be compared."
        return Criterion(KIND, name, math.nan, limit, Outcome.INCONCLUSIVE, reason)
    ratio = total(after) / total(before)
    return Criterion(
        KIND,
        name,
        ratio,
        limit,
        Outcome.ACCEPT if ratio <= limit else Outcome.REFUSE,
        f"The candidate takes {ratio:.2f} times the reference's {name} (n={len(before)}); the "
        f"policy accepts {limit:g} times.",
    )


def _measured(comparison: Comparison, field: str) -> tuple[list[float], list[float]]:
    others = {case.case: _read(case, field) for case in comparison.candidate.cases}
    pairs = [
        (_read(case, field), others.get(case.case, math.nan)) for case in comparison.reference.cases
    ]
    known = [pair for pair in pairs if not any(map(math.isnan, pair))]
    return [before for before, _ in known], [after for _, after in known]


def _read(case: CaseScore, field: str) -> float:
    return case.seconds if field == "seconds" else case.memory_mib
