"""Which series go on after the quality gate."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.config import Settings
from pipeline.result import Outcome, Result
from pipeline.types import Assessment, Role, Verdict


def assessments(outcomes: Iterable[Outcome], module: str) -> dict[Role, Assessment]:
    """The gate module's verdict on each series it looked at."""
    return {
        assessment.role: assessment
        for outcome in outcomes
        if isinstance(outcome, Result) and outcome.module.name == module
        for assessment in outcome.prediction.assessments
    }


def passed(
    roles: Iterable[Role], outcomes: Iterable[Outcome], settings: Settings
) -> tuple[Role, ...]:
    """Roles whose series the settings let through; a series nobody assessed goes through."""
    verdicts = assessments(outcomes, settings.gate.module)
    return tuple(role for role in roles if not _stopped(verdicts.get(role), settings))


def stopped_because(outcomes: Iterable[Outcome], settings: Settings) -> str:
    """One sentence: what the gate said of each series it stopped."""
    verdicts = assessments(outcomes, settings.gate.module)
    said = [f"{role}: {a.reason}" for role, a in verdicts.items() if _stopped(a, settings)]
    return "; ".join(said)


def _stopped(assessment: Assessment | None, settings: Settings) -> bool:
    if assessment is None:
        return False
    verdict = assessment.verdict
    return (verdict is Verdict.FAIL and settings.gate.fail == "exclude") or (
        verdict is Verdict.ABSTAIN and settings.gate.abstain == "exclude"
    )
