"""What a study's outcomes come down to: the first trouble in words, the severest verdicts."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.errors import REMEDIES, Code
from pipeline.result import CaseResult, Failure, Outcome, Result, Skipped
from pipeline.types import Role, Verdict

SEVERITY = (Verdict.PASS, Verdict.WARN, Verdict.ABSTAIN, Verdict.FAIL)


def told(result: CaseResult) -> tuple[Outcome, ...]:
    """A study's outcomes, behind the roles that stayed undecided: what follows may be of them."""
    undecided = result.case.undecided.items()
    return (*(Skipped("", role, Code.UNDECIDED, why) for role, why in undecided), *result.outcomes)


def first_trouble(outcomes: tuple[Outcome, ...]) -> Failure | Skipped | None:
    """Pick the first failure, else the first role or module that was skipped."""
    troubles = [outcome for outcome in outcomes if not isinstance(outcome, Result)]
    return min(troubles, key=lambda trouble: isinstance(trouble, Skipped), default=None)


def sentence_of(trouble: Failure | Skipped) -> str:
    """Say in words what happened."""
    return trouble.message if isinstance(trouble, Failure) else trouble.reason


def remedy_of(trouble: Failure | Skipped) -> str:
    """Say in words what to do."""
    return trouble.remedy if isinstance(trouble, Failure) else REMEDIES[trouble.code]


def severest(results: Iterable[Result]) -> dict[Role, Verdict]:
    """Take the severest verdict on each series, in the order of roles."""
    given = [a for result in results for a in result.prediction.assessments]
    return {
        role: max((a.verdict for a in given if a.role is role), key=SEVERITY.index)
        for role in Role
        if any(a.role is role for a in given)
    }
