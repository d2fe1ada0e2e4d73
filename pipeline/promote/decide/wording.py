"""The sentences of a decision: figure, limit, n, and what would help."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.judgement import Judgement
from pipeline.versions.policy.policy import Policy

MOST = 3


def confidence(policy: Policy) -> str:
    """The one-sided confidence, such as ``95 %``."""
    return f"{100 * (1 - policy.alpha):g} %"


def change(gain: float) -> str:
    """A gain in words: ``0.021 better``, ``0.004 worse`` or ``no change``."""
    if abs(gain) < 5e-7:
        return "no change"
    return f"{figure(abs(gain))} {'better' if gain > 0 else 'worse'}"


def figure(value: float) -> str:
    """Three digits behind the point, or three that count."""
    return f"{value:.3f}" if abs(value) >= 0.001 else f"{value:.3g}"


def undecided(judged: Judgement, policy: Policy) -> str:
    """What would decide; empty where it is decided."""
    if judged.outcome is not Outcome.INCONCLUSIVE:
        return ""
    if judged.number == 1:
        return f"; one case tells nothing of chance, at least {judged.needed} are needed"
    few = f"{judged.number} cases are fewer than the {policy.least_cases} the policy asks for"
    reason = few if judged.number < policy.least_cases else "these cases cannot tell"
    if judged.needed is None and judged.alike:
        return f"; {reason}: all are alike, which says nothing of chance"
    if judged.needed is None:
        return f"; {reason}, and more would hardly: it lies at the limit"
    return f"; {reason}, {judged.needed} in all probably would"


def some(names: Iterable[str]) -> str:
    """Name the first few."""
    found = list(names)
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return ", ".join(found[:MOST]) + more
