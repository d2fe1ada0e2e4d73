"""Give each role of a case to the series that plainly plays it, and say why of every series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.config import RoleOverride
from pipeline.dicom.roles.course import Claims, course_of, weighed
from pipeline.dicom.roles.judge import judge
from pipeline.dicom.roles.prefer import prefer
from pipeline.dicom.roles.remark import doubtful, unlike
from pipeline.study import Candidate, Case, Series, Study
from pipeline.types import Role


def assign(study: Study, overrides: Sequence[RoleOverride] = ()) -> Case:
    """Decide which series of `study` is its T1, T1c, T2 and FLAIR.

    Precision comes first: a role stays empty where nothing fits plainly, or where two series fit
    equally well, neither has the better images and neither is the other's repeat.

    Parameters
    ----------
    study : Study
        All its series; those that are no MR images are turned away here.
    overrides : sequence of RoleOverride
        A site's own words: a matching grey-scale MR series takes the role before any rule is asked.

    Returns
    -------
    Case
        With a candidate for every series, in the study's order.
    """
    judged = [judge(series, overrides) for series in study.series]
    if (patients := _patients(study, judged)) > 1:
        return Case(study, {}, tuple(judged), (of_patients(patients),), patients)
    course = course_of(_claims(study, judged))
    claims = _claims(study, weighed(course, _claims(study, judged)))
    choices = {role: prefer(role, _rivals(role, claims), course) for role in Role}
    roles = {role: choice.series for role, choice in choices.items() if choice.series}
    open_ = {role: choice.note for role, choice in choices.items() if not choice.series}
    undecided = doubtful(claims, roles) | {role: note for role, note in open_.items() if note}
    told = tuple(_passed_over(candidate, roles) for _, candidate in claims)
    said = (choices[role].note for role in roles)
    notes = (*undecided.values(), *filter(None, said), *unlike(claims, roles))
    return Case(study, roles, told, notes, undecided=undecided)


def _claims(study: Study, candidates: Sequence[Candidate]) -> Claims:
    return list(zip(study.series, candidates, strict=True))


def _rivals(role: Role, claims: Claims) -> list[tuple[Series, float]]:
    return [(series, candidate.score) for series, candidate in claims if candidate.role is role]


def of_patients(count: int) -> str:
    """Say why no series of a study is taken."""
    return f"The study's images are of {count} patients."


def _patients(study: Study, candidates: Sequence[Candidate]) -> int:
    """How many patients the series that claim a role are of; one that names none is any's."""
    claiming = zip(study.series, candidates, strict=True)
    return len({series.acquisition.patient for series, one in claiming if one.role} - {""})


def _passed_over(candidate: Candidate, roles: Mapping[Role, Series]) -> Candidate:
    """Say in a rival's reason which series was taken in its place."""
    taken = roles.get(candidate.role) if candidate.role is not None else None
    if taken is None or taken.uid == candidate.series_uid:
        return candidate
    return replace(candidate, reason=f"{candidate.reason}; series {taken.number} was preferred")
