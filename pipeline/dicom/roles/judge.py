"""Judge one series by the tables: a role with a score and a reason, or the reason it has none."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import RoleOverride
from pipeline.dicom.read.stack import FEWEST_SLICES
from pipeline.dicom.roles.exclude import exclusion_of
from pipeline.dicom.roles.timings import Timing, family, fitting_timings
from pipeline.dicom.roles.wording import Agent, agent, is_proton_density, plain, weightings
from pipeline.study import Acquisition, Candidate, Series
from pipeline.types import Role

MR_IMAGE_STORAGE = (
    "1.2.840.10008.5.1.4.1.1.4",  # MR
    "1.2.840.10008.5.1.4.1.1.4.1",  # Enhanced MR
    "1.2.840.10008.5.1.4.1.1.4.4",  # Legacy Converted Enhanced MR
)
# A brain is about 130 mm high; thinner slabs are aimed at a part of it.
LEAST_COVERAGE_MM = 50.0
FORCED, WORDS_AND_TIMING, WORDS_ONLY, TIMING_ONLY = 2.0, 1.0, 0.7, 0.6
DOUBTFUL_AGENT = "T1, but header and words leave open whether an agent was given"


def judge(series: Series, overrides: Sequence[RoleOverride] = ()) -> Candidate:
    """Say which role a series could play, from its first header alone."""
    acquisition = series.acquisition
    if reason := _ineligible(acquisition):
        return Candidate(series.uid, None, 0.0, reason)
    for override in overrides:
        if override.matches(acquisition.description):
            reason = f"the site's own rule {override.description!r} says so"
            return Candidate(series.uid, override.role, FORCED, reason)
    if reason := exclusion_of(acquisition) or _too_small(series):
        return Candidate(series.uid, None, 0.0, reason)
    return _weighted(series)


def _ineligible(acquisition: Acquisition) -> str:
    if acquisition.modality != "MR":
        return f"not MR: modality {acquisition.shown_modality}"
    if acquisition.samples_per_pixel != 1:
        return "colour image"
    if acquisition.sop_class_uid not in MR_IMAGE_STORAGE:
        return "not MR: stored as another kind of image"
    return ""


def _too_small(series: Series) -> str:
    if series.frames < FEWEST_SLICES:
        return f"fewer than {FEWEST_SLICES} slices"
    coverage = series.frames * (series.acquisition.slice_thickness or float("inf"))
    if coverage < LEAST_COVERAGE_MM:
        return f"covers {coverage:.0f} mm, too little for a whole brain"
    return ""


def _weighted(series: Series) -> Candidate:
    acquisition = series.acquisition
    text = plain(acquisition)
    named = weightings(text)
    if is_proton_density(text):
        return Candidate(series.uid, None, 0.0, "proton density: no role uses it")
    fitting = fitting_timings(acquisition)
    if not _has_timing(acquisition):
        return _by_words(series, named)
    if not named:
        fitting = tuple(timing for timing in fitting if timing.alone and family(acquisition))
    else:
        fitting = tuple(timing for timing in fitting if timing.role in named)
    return _by_timing(series, named, fitting)


def _by_words(series: Series, named: frozenset[Role]) -> Candidate:
    if len(named) != 1:
        return Candidate(series.uid, None, 0.0, "no echo and repetition time, no clear description")
    (role,) = named
    return _with_agent(series, role, WORDS_ONLY, f"description says {role}, timing not given")


def _by_timing(series: Series, named: frozenset[Role], fitting: Sequence[Timing]) -> Candidate:
    found = {timing.role for timing in fitting}
    times = _times(series.acquisition)
    if len(found) != 1:
        claim = f"description says {' or '.join(sorted(named))}, but " if named else ""
        return Candidate(series.uid, None, 0.0, f"{claim}timing ({times}) fits no one role")
    (role,) = found
    said = f"description says {role} and " if named else ""
    score = WORDS_AND_TIMING if named else TIMING_ONLY
    return _with_agent(series, role, score, f"{said}timing is {fitting[0].name} ({times})")


def _with_agent(series: Series, role: Role, score: float, reason: str) -> Candidate:
    """Split T1 from T1c; an agent leaves T2 and FLAIR what they are."""
    if role is not Role.T1:
        return Candidate(series.uid, role, score, reason)
    match agent(series.acquisition):
        case Agent.GIVEN:
            return Candidate(series.uid, Role.T1C, score, f"{reason}, contrast agent given")
        case Agent.UNCLEAR:
            return Candidate(series.uid, None, 0.0, DOUBTFUL_AGENT)
        case Agent.WITHHELD:
            return Candidate(series.uid, role, score, f"{reason}, no contrast agent")
        case Agent.UNSAID:
            return Candidate(series.uid, role, score, f"{reason}, no agent mentioned")


def _has_timing(acquisition: Acquisition) -> bool:
    return acquisition.echo_time is not None and acquisition.repetition_time is not None


def _times(acquisition: Acquisition) -> str:
    pairs = (
        ("TR", acquisition.repetition_time),
        ("TE", acquisition.echo_time),
        ("TI", acquisition.inversion_time),
    )
    return ", ".join(f"{name} {value:.6g}" for name, value in pairs if value) + " ms"
