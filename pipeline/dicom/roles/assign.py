"""Give each role of a case to the series that plainly plays it, and say why of every series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.config import RoleOverride
from pipeline.dicom.roles.judge import judge
from pipeline.dicom.roles.prefer import prefer
from pipeline.study import Candidate, Case, Series, Study
from pipeline.types import Role


def assign(study: Study, overrides: Sequence[RoleOverride] = ()) -> Case:
    """Decide which series of `study` is its T1, T1c, T2 and FLAIR.

    Precision comes first: a role stays empty where nothing fits plainly, or where two series fit
    equally well and neither has the better images.

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
    candidates = [judge(series, overrides) for series in study.series]
    if (patients := _patients(study, candidates)) > 1:
        return Case(study, {}, tuple(candidates), (of_patients(patients),), patients)
    roles: dict[Role, Series] = {}
    notes: list[str] = []
    for role in Role:
        rivals = [
            (series, candidate.score)
            for series, candidate in zip(study.series, candidates, strict=True)
            if candidate.role is role
        ]
        choice = prefer(role, rivals)
        if choice.series is not None:
            roles[role] = choice.series
        if choice.note:
            notes.append(choice.note)
    told = tuple(_passed_over(candidate, roles) for candidate in candidates)
    return Case(study, roles, told, tuple(notes))


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
