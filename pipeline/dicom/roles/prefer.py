"""Choose between series that claim the same role, or decline to choose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dicom.roles import words
from pipeline.dicom.roles.course import Course
from pipeline.dicom.roles.judge import FORCED
from pipeline.dicom.roles.remark import numbers
from pipeline.dicom.roles.repeat import is_called_repeat, is_later, repeat_among
from pipeline.dicom.roles.wording import Agent, agent, plain
from pipeline.study import Acquisition, Series
from pipeline.types import Role

# Evidence this much apart is not the same evidence.
MARGIN = 0.2
# How many times better a figure must be to decide.
CLEARLY = 1.25
# Siemens writes each series with and without intensity normalisation and distortion correction.
CORRECTED = frozenset({"NORM", "DIS2D", "DIS3D"})


@dataclass(frozen=True)
class Choice:
    """The series taken, or None; with a note where a reader should look at what was left."""

    series: Series | None
    note: str = ""


def prefer(role: Role, rivals: Sequence[tuple[Series, float]], course: Course) -> Choice:
    """Take the rival with the best evidence and images, then the one without agent, then a repeat.

    Better images are 3-D, finer, axial, of more slices, corrected by the vendor or not said to
    suppress fat; of T1c, the agent is no matter. Neither the order of files nor a UID decides.

    Parameters
    ----------
    role : Role
        What they claim.
    rivals : sequence of (Series, float)
        Series that claim the role, with the rules' score.
    course : Course
        When an agent was given in the study.
    """
    if not rivals:
        return Choice(None)
    best = max(score for _, score in rivals)
    left = [series for series, score in rivals if score > best - MARGIN]
    for figure in (_three_dimensional, _fineness, _axial, _slices, _corrections, _fat):
        left = _clearly_best(left, [figure(series) for series in left])
    if len(left) == 1:
        return Choice(left[0])
    before = [series for series in left if agent(series.acquisition) is not Agent.GIVEN]
    if role is not Role.T1C and len(before) == 1:
        others = numbers(series for series in left if series is not before[0])
        note = f"{role}: series {before[0].number} was taken, from before the contrast agent;"
        return Choice(before[0], f"{note} series {others} fits as well.")
    return _repeat(role, before if before and role is not Role.T1C else left, best, course)


def _repeat(role: Role, left: Sequence[Series], score: float, course: Course) -> Choice:
    """Take the repeat; of T1 not where it may as well be the one after an agent."""
    rivals, repeat = numbers(left), repeat_among(left)
    if repeat is None:
        return Choice(None, f"{role}: series {rivals} fit equally well, none was taken.")
    if role is Role.T1 and score < FORCED and not _surely_before(repeat, course):
        doubt = f"{role}: series {rivals} are alike and may be from before and after a contrast"
        return Choice(None, f"{doubt} agent, none was taken.")
    others = numbers(series for series in left if series is not repeat)
    note = f"{role}: series {repeat.number} was taken as the repeat of series {others}."
    return Choice(repeat, note)


def _surely_before(series: Series, course: Course) -> bool:
    """Whether words deny an agent or call it a repeat, or one was given, and known to be later."""
    denied = agent(series.acquisition) is Agent.WITHHELD
    later = course.first is not None and is_later(course.first, series)
    return denied or later or is_called_repeat(series)


def _clearly_best(series: Sequence[Series], figures: Sequence[float]) -> list[Series]:
    best = max(figures)
    return [one for one, figure in zip(series, figures, strict=True) if figure * CLEARLY > best]


def _three_dimensional(series: Series) -> float:
    return 2.0 if series.acquisition.acquisition_type == "3D" else 1.0


def _fineness(series: Series) -> float:
    """One over the longest edge of a voxel, per mm; 1e-3 where the header does not give it."""
    edges = _edges(series.acquisition)
    return 1 / max(edges) if edges and max(edges) > 0 else 1e-3


def _edges(acquisition: Acquisition) -> tuple[float, ...]:
    if acquisition.pixel_spacing is None or acquisition.slice_thickness is None:
        return ()
    return (*acquisition.pixel_spacing, acquisition.slice_thickness)


def _axial(series: Series) -> float:
    """Of one sequence in three planes, the axial one is the one read first."""
    return 2.0 if series.acquisition.orientation == "axial" else 1.0


def _slices(series: Series) -> float:
    return float(series.frames)


def _fat(series: Series) -> float:
    """The brain has none: of a pair, the one without suppression is the usual one."""
    return 1.0 if re.search(words.FAT_SUPPRESSED, plain(series.acquisition)) else 2.0


def _corrections(series: Series) -> float:
    return 2.0 ** len(CORRECTED & set(series.acquisition.image_type))
