"""What a reader should know of T1 and T1c where a study's words leave something open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.dicom.roles.course import Claims
from pipeline.dicom.roles.judge import DOUBTFUL_AGENT
from pipeline.dicom.roles.timings import family
from pipeline.dicom.roles.wording import Agent, agent
from pipeline.study import Series
from pipeline.types import Role


def numbers(series: Iterable[Series]) -> str:
    """Name series by their numbers."""
    return ", ".join(str(one.number) for one in series)


def doubtful(claims: Claims, roles: Mapping[Role, Series]) -> dict[Role, str]:
    """The role that stays empty because nothing tells whether a series had an agent."""
    doubted = [series for series, candidate in claims if candidate.reason == DOUBTFUL_AGENT]
    empty = [role for role in (Role.T1, Role.T1C) if role not in roles]
    if not doubted or not empty:
        return {}
    open_ = f"nothing tells whether series {numbers(doubted)} had a contrast agent"
    return {empty[0]: f"{' or '.join(empty)}: {open_}, none was taken."}


def unlike(claims: Claims, roles: Mapping[Role, Series]) -> tuple[str, ...]:
    """Say that a T1 of another sequence was passed over, where no series tells of an agent."""
    taken = roles.get(Role.T1)
    if taken is None or any(candidate.role is Role.T1C for _, candidate in claims):
        return ()
    silent = [
        series
        for series, candidate in claims
        if candidate.role is Role.T1 and agent(series.acquisition) is Agent.UNSAID
    ]
    others = [series for series in silent if _sequence(series) != _sequence(taken)]
    if taken not in silent or not others:
        return ()
    told = "which had a contrast agent, if any, is not said"
    return (
        f"T1: series {taken.number} was taken, {numbers(others)} is of another sequence; {told}.",
    )


def _sequence(series: Series) -> tuple[str, str]:
    return series.acquisition.acquisition_type, family(series.acquisition)
