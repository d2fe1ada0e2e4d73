"""One line per study and one summary per run: what cases.csv, index.html and the terminal share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pipeline.errors import Code
from pipeline.report.outcome import first_trouble, remedy_of, sentence_of, severest
from pipeline.report.veil import veil, without_places
from pipeline.result import CaseResult, ModuleRef, Outcome, Result
from pipeline.types import Measurement, Role, Verdict


class Status(StrEnum):
    """How far a study came: every module, some modules, none."""

    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"


# Field of Volumes → name of the measurement it is read from.
VOLUME_NAMES = {
    "csf": "CSF volume",
    "gm": "GM volume",
    "wm": "WM volume",
    "brain": "brain volume",
    "whole_tumour": "whole tumour volume",
    "tumour_core": "tumour core volume",
    "enhancing": "enhancing volume",
}


@dataclass(frozen=True)
class Volumes:
    """Volumes in ml, NaN where absent; the whole tumour holds its core, that its enhancing part."""

    csf: float = math.nan
    gm: float = math.nan
    wm: float = math.nan
    brain: float = math.nan
    whole_tumour: float = math.nan
    tumour_core: float = math.nan
    enhancing: float = math.nan


@dataclass(frozen=True)
class Row:
    """One study.

    Attributes
    ----------
    pseudonym : str
        Name of the study's output folder.
    status : Status
        How far it came.
    code : Code or None
        The first failure, else why the first module was skipped; None where it is done.
    message, remedy : str
        What happened and what to do, empty where it is done.
    verdicts : mapping of Role to Verdict
        The quality gate's word on each series, the severest where there are several.
    roles : tuple of Role
        The roles that a series took.
    volumes_ml : Volumes
        NaN where absent.
    others : tuple of Measurement
        Figures of the whole case that have no column of their own.
    lesions : int or None
        Lesions found, None where no module looked for any.
    versions : tuple of ModuleRef
        Modules that gave a result, each once.
    seconds : float
        Wall time of its steps, with what they waited for cores while other studies were worked on;
        NaN where unknown.
    """

    pseudonym: str
    status: Status
    code: Code | None = None
    message: str = ""
    remedy: str = ""
    verdicts: Mapping[Role, Verdict] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    volumes_ml: Volumes = Volumes()
    others: tuple[Measurement, ...] = ()
    lesions: int | None = None
    versions: tuple[ModuleRef, ...] = ()
    seconds: float = math.nan


@dataclass(frozen=True)
class RunSummary:
    """The run as a whole.

    Attributes
    ----------
    started : datetime
        With a time zone.
    seconds : float
        Wall time.
    lock : str
        Digest of the lock file.
    pipeline : str
        Version of the pipeline.
    modules : tuple of ModuleRef
        The versions the lock pins.
    files : int
        Files found.
    left_out : mapping of Code to int
        Files that were part of no series, by reason.
    expected : int or None
        Studies the batch has, done or not; None where unknown.
    """

    started: datetime
    seconds: float
    lock: str
    pipeline: str
    modules: tuple[ModuleRef, ...]
    files: int = 0
    left_out: Mapping[Code, int] = field(default_factory=dict)
    expected: int | None = None


def row_of(result: CaseResult) -> Row:
    """Sum up a study; what its headers hold in free text is blanked in the message."""
    trouble = first_trouble(result.outcomes)
    hide = veil(result.case)
    measurements = _figures(result.results)
    return Row(
        pseudonym=result.pseudonym,
        status=status_of(result.outcomes),
        code=trouble.code if trouble else None,
        message=hide(sentence_of(trouble)) if trouble else "",
        remedy=remedy_of(trouble) if trouble else "",
        verdicts=severest(result.results),
        roles=tuple(role for role in Role if role in result.case.roles),
        volumes_ml=_volumes(measurements),
        others=tuple(m for m in measurements if m.name not in VOLUME_NAMES.values()),
        lesions=_lesions(result.results),
        versions=tuple({r.module.name: r.module for r in result.results}.values()),
        seconds=sum(result.seconds.values()),
    )


def failed_row(pseudonym: str, code: Code, message: str, remedy: str) -> Row:
    """Sum up a study that gave nothing; paths and UIDs are blanked in the message."""
    return Row(pseudonym, Status.FAILED, code, without_places(message), remedy)


def status_of(outcomes: Iterable[Outcome]) -> Status:
    """Done where all outcomes are results, failed where none is."""
    finished = [isinstance(outcome, Result) for outcome in outcomes]
    if not any(finished):
        return Status.FAILED
    return Status.DONE if all(finished) else Status.PARTLY


def _figures(results: Iterable[Result]) -> list[Measurement]:
    """Figures of the whole case; what another module has named so, too, bears its module's name."""
    owners: dict[str, str] = {}
    found = []
    for result in results:
        module = result.module.name
        for one in result.prediction.measurements:
            if one.role is None:
                own = owners.setdefault(one.name, module) == module
                found.append(one if own else replace(one, name=f"{module}: {one.name}"))
    return found


def _volumes(measurements: Iterable[Measurement]) -> Volumes:
    values = {measurement.name: measurement.value for measurement in measurements}
    return Volumes(**{part: values.get(name, math.nan) for part, name in VOLUME_NAMES.items()})


def _lesions(results: Iterable[Result]) -> int | None:
    looked = [result.prediction for result in results if _looks_for_lesions(result)]
    return sum(len(prediction.findings) for prediction in looked) if looked else None


def _looks_for_lesions(result: Result) -> bool:
    names = [measurement.name for measurement in result.prediction.measurements]
    return bool(result.prediction.findings) or VOLUME_NAMES["whole_tumour"] in names
