"""One line per study: what cases.csv, index.html and the terminal share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.errors import Code
from pipeline.result import ModuleRef
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
        The first failure, else that a role stayed undecided, else why the first module was skipped;
        None where it is done.
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
