"""Time and memory: ratios on the cases that both versions really computed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.evaluation.scores import CaseScore
from pipeline.versions.policy.policy import Budget

KIND = "budget"
# Less memory than this comes and goes from run to run, as when a library is first used.
NOISE_MIB = 64.0
Total = Callable[[list[float]], float]
TOTALS: dict[str, tuple[str, Total, float]] = {
    "seconds": ("time", sum, 0.0),
    "memory_mib": ("memory", max, NOISE_MIB),
}


def budgets(comparison: Comparison, asked: Budget) -> Iterator[Criterion]:
    """Apply the limits there are: total time, and the highest peak of memory."""
    if asked.seconds is not None:
        yield _ratio(comparison, "seconds", asked.seconds)
    if asked.memory is not None:
        yield _ratio(comparison, "memory_mib", asked.memory)


def _ratio(comparison: Comparison, field: str, limit: float) -> Criterion:
    before, after = _measured(comparison, field)
    name, total, noise = TOTALS[field]
    if not before:
        reason = f"No case was measured in both versions (cached): {name} cannot be compared."
        return Criterion(KIND, name, math.nan, limit, Outcome.INCONCLUSIVE, reason)
    old, new = total(before), total(after)
    ratio = new / old if old else math.inf
    forgiven = ratio > limit and new - old < noise
    besides = f", and {noise:g} MiB more count as none" if forgiven else ""
    return Criterion(
        KIND,
        name,
        ratio,
        limit,
        Outcome.ACCEPT if ratio <= limit or forgiven else Outcome.REFUSE,
        f"The candidate takes {ratio:.2f} times the reference's {name} (n={len(before)}); the "
        f"policy accepts {limit:g} times{besides}.",
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
