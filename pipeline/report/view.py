"""What a study's page says in words: one line per series, one per problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.report.outcome import remedy_of, sentence_of, severest, told
from pipeline.report.words import ABSENT
from pipeline.result import Alignment, CaseResult, Failure, Result
from pipeline.study import Series
from pipeline.types import Assessment, Role, Verdict

Hide = Callable[[str], str]


@dataclass(frozen=True)
class SeriesLine:
    """One series that took a role.

    Only what the scanner measured is shown: descriptions are typed by hand and may hold a name.
    """

    role: Role
    verdict: Verdict | None
    reasons: tuple[str, ...]
    orientation: str
    matrix: str
    thickness: str
    why: str
    alignment: Alignment | None
    reference: bool


@dataclass(frozen=True)
class Spare:
    """A series that took no role."""

    orientation: str
    matrix: str
    thickness: str
    why: str


@dataclass(frozen=True)
class Problem:
    """A module that gave no result, or, where it is empty, a series that could not be used."""

    module: str
    role: Role | None
    failed: bool
    code: str
    sentence: str
    remedy: str


def series_lines(result: CaseResult, hide: Hide) -> tuple[SeriesLine, ...]:
    """Describe the series that took a role, in the order of roles."""
    verdicts = severest(result.results)
    given = [a for r in result.results for a in r.prediction.assessments]
    return tuple(
        _series_line(result, role, verdicts.get(role), _reasons(given, role, hide), hide)
        for role in Role
        if role in result.case.roles
    )


def spares(result: CaseResult, hide: Hide) -> tuple[Spare, ...]:
    """Describe the series that took no role."""
    taken = {series.uid for series in result.case.roles.values()}
    return tuple(
        Spare(_orientation(series), _matrix(series), _thickness(series), _why(result, series, hide))
        for series in result.case.study.series
        if series.uid not in taken
    )


def problems(result: CaseResult, hide: Hide) -> tuple[Problem, ...]:
    """Describe what failed or was skipped, failures first, then roles that stayed undecided."""
    troubles = [outcome for outcome in told(result) if not isinstance(outcome, Result)]
    troubles.sort(key=lambda trouble: not isinstance(trouble, Failure))
    return tuple(
        Problem(
            module=trouble.module,
            role=trouble.role,
            failed=isinstance(trouble, Failure),
            code=trouble.code,
            sentence=hide(sentence_of(trouble)),
            remedy=hide(remedy_of(trouble)),
        )
        for trouble in troubles
    )


def _series_line(
    result: CaseResult, role: Role, verdict: Verdict | None, reasons: tuple[str, ...], hide: Hide
) -> SeriesLine:
    series = result.case.roles[role]
    return SeriesLine(
        role=role,
        verdict=verdict,
        reasons=reasons,
        orientation=_orientation(series),
        matrix=_matrix(series),
        thickness=_thickness(series),
        why=_why(result, series, hide),
        alignment=_alignment(result, role, hide),
        reference=role is result.reference,
    )


def _alignment(result: CaseResult, role: Role, hide: Hide) -> Alignment | None:
    made = (a for a in result.alignment if a.role is role)
    return next((replace(alignment, reason=hide(alignment.reason)) for alignment in made), None)


def _reasons(given: list[Assessment], role: Role, hide: Hide) -> tuple[str, ...]:
    return tuple(hide(a.reason) for a in given if a.role is role and a.reason)


def _why(result: CaseResult, series: Series, hide: Hide) -> str:
    candidates = (c for c in result.case.candidates if c.series_uid == series.uid)
    return next((hide(candidate.reason) for candidate in candidates), "")


def _orientation(series: Series) -> str:
    return series.acquisition.orientation or ABSENT


def _matrix(series: Series) -> str:
    return f"{series.acquisition.columns} × {series.acquisition.rows} × {series.frames}"


def _thickness(series: Series) -> str:
    thickness = series.acquisition.slice_thickness
    return ABSENT if thickness is None else f"{thickness:.1f} mm"
