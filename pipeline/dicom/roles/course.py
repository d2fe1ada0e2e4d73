"""What the order of acquisition tells of a contrast agent: once given, it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.dicom.roles.judge import FORCED
from pipeline.dicom.roles.repeat import is_later
from pipeline.dicom.roles.wording import Agent, agent, names_agent
from pipeline.study import Candidate, Series
from pipeline.types import Role

# Longer after, the series is of another visit.
LASTING = timedelta(hours=2)
# What a T1c loses where only its header names the agent: operators enter it for a whole
# examination, also for what comes before it.
IN_HEADER_ALONE = 0.25

Claims = Sequence[tuple[Series, Candidate]]


@dataclass(frozen=True)
class Course:
    """The series that say that an agent was given: by words where any do, else by header alone.

    `first` is the earliest of them, None where the scanner's clock does not tell.
    """

    given: tuple[Series, ...]
    by_words: bool
    first: Series | None

    def is_after(self, series: Series) -> bool:
        """Whether a series was acquired in the same visit, after one that had the agent."""
        if self.first is None or not is_later(series, self.first):
            return False
        return _moment(series) - _moment(self.first) <= LASTING


def course_of(claims: Claims) -> Course:
    """Find where in a study the agent was given."""
    claiming = [series for series, candidate in claims if candidate.role is Role.T1C]
    named = [series for series in claiming if names_agent(series.acquisition)]
    given = named or claiming
    timed = bool(given) and all(one.acquisition.acquired for one in given)
    return Course(tuple(given), bool(named), min(given, key=_moment) if timed else None)


def weighed(course: Course, claims: Claims) -> list[Candidate]:
    """Judge T1 and T1c again in the light of when the agent was given."""
    return [_weighed(course, series, candidate) for series, candidate in claims]


def _weighed(course: Course, series: Series, candidate: Candidate) -> Candidate:
    if candidate.score >= FORCED:
        return candidate
    after = course.is_after(series)
    silent = agent(series.acquisition) is Agent.UNSAID
    if candidate.role is Role.T1 and silent and after and course.first:
        reason = f"T1, but acquired after series {course.first.number}, which had a contrast agent"
        return replace(candidate, role=None, score=0.0, reason=reason)
    if candidate.role is Role.T1C and course.by_words and series not in course.given and not after:
        return replace(candidate, score=candidate.score - IN_HEADER_ALONE)
    return candidate


def _moment(series: Series) -> datetime:
    return series.acquisition.acquired or datetime.max
