"""What a study is meant to be: scanner, series and how each names itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.demo.contrast import Sequence
from pipeline.demo.scanner import Conditions
from pipeline.demo.stack import Stack
from pipeline.demo.tumour import Growth
from pipeline.errors import Code
from pipeline.types import Role, Verdict


@dataclass(frozen=True)
class Machine:
    """A scanner as its headers show it.

    `white` is the stored value of white matter; `slope` and `intercept` are its rescale, which it
    writes only where the slope is not 1.
    """

    manufacturer: str
    model: str
    software: str
    tesla: float
    bits: int
    signed: bool
    white: float
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True)
class Weighting:
    """One kind of series on one vendor's scanners: the physics, and the tags that tell of it."""

    sequence: Sequence
    scanning_sequence: tuple[str, ...]
    sequence_variant: tuple[str, ...]
    image_type: tuple[str, ...]
    sequence_name: str = ""
    acquisition_type: str = "2D"
    flip_degrees: float = 90.0
    echo_train: int = 1


@dataclass(frozen=True)
class Scan:
    """One series of a study.

    Attributes
    ----------
    role : Role or None
        What it is for; None for a localizer.
    description : str
        Series Description, in the language of the site.
    weighting : Weighting
        Physics and tags.
    stacks : tuple of Stack
        One; a localizer has three.
    elsewhere : bool
        Acquired after the patient was taken out and put back: another frame of reference.
    enhanced : bool
        One multi-frame object in place of one object a slice.
    """

    role: Role | None
    description: str
    weighting: Weighting
    stacks: tuple[Stack, ...]
    elsewhere: bool = False
    enhanced: bool = False


@dataclass(frozen=True)
class Plan:
    """One study.

    Attributes
    ----------
    name : str
        Of the case, in file names.
    machine : Machine
        Where it is scanned.
    scans : tuple of Scan
        In order of acquisition.
    growth : Growth or None
        The tumour; None for a healthy brain.
    conditions : Conditions
        What spoils its images.
    verdict : Verdict
        What the quality gate ought to say.
    code : Code or None
        Why the study, or its tumour part, is to be left out; None where all of it can be done.
    agent : str
        Contrast agent, as this site writes it.
    damaged : bool
        A slice is missing in every series, one file is cut short.
    """

    name: str
    machine: Machine
    scans: tuple[Scan, ...]
    growth: Growth | None = None
    conditions: Conditions = field(default_factory=Conditions)
    verdict: Verdict = Verdict.PASS
    code: Code | None = None
    agent: str = ""
    damaged: bool = False
