"""The timings that make an image T1-, T2- or FLAIR-weighted, declared as one table; times in ms."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.study import Acquisition
from pipeline.types import Role

Range = tuple[float, float]
NO_INVERSION: Range = (0.0, 0.0)


@dataclass(frozen=True)
class Timing:
    """Ranges, both ends included, that make an image T1-, T2- or FLAIR-weighted.

    Attributes
    ----------
    role : Role
        T1 stands for T1c too: a contrast agent does not change the timing.
    name : str
        Said to the user.
    family : str
        ``SE`` spin echo, ``GR`` gradient echo.
    echo, repetition, inversion : tuple of float
        In ms; an inversion time the header does not give counts as 0.
    alone : bool
        Whether no word in the description is needed to believe it.
    """

    role: Role
    name: str
    family: str
    echo: Range
    repetition: Range
    inversion: Range
    alone: bool


_LONG_TE: Range = (60.0, 700.0)
TIMINGS = (
    Timing(
        Role.T1,
        "inversion-prepared gradient echo",
        "GR",
        (0, 8),
        (3, 4000),
        (400, 1500),
        alone=True,
    ),
    Timing(Role.T1, "short-echo gradient echo", "GR", (0, 8), (3, 4000), NO_INVERSION, alone=False),
    Timing(Role.T1, "short-TR spin echo", "SE", (0, 40), (200, 1200), NO_INVERSION, alone=True),
    Timing(Role.T1, "inversion recovery", "SE", (0, 50), (1200, 4000), (500, 1300), alone=True),
    Timing(Role.FLAIR, "fluid-attenuated", "SE", _LONG_TE, (4000, 20000), (1400, 3500), alone=True),
    Timing(
        Role.FLAIR,
        "long TR, TI not given",
        "SE",
        _LONG_TE,
        (4000, 20000),
        NO_INVERSION,
        alone=False,
    ),
    Timing(
        Role.T2, "long-TR, long-TE spin echo", "SE", _LONG_TE, (1800, 20000), NO_INVERSION, True
    ),
)


def fitting_timings(acquisition: Acquisition) -> tuple[Timing, ...]:
    """Rows of the timing table that a header fits; any family where the header names none."""
    kind = family(acquisition)
    return tuple(
        timing
        for timing in TIMINGS
        if kind in ("", timing.family)
        and _within(acquisition.echo_time, timing.echo)
        and _within(acquisition.repetition_time, timing.repetition)
        and _within(acquisition.inversion_time or 0.0, timing.inversion)
    )


def family(acquisition: Acquisition) -> str:
    """``GR`` or ``SE`` from Scanning Sequence, empty where it names neither or both."""
    terms = set(acquisition.scanning_sequence)
    if "GR" in terms:
        return "" if "SE" in terms else "GR"
    return "SE" if terms & {"SE", "IR"} else ""


def _within(value: float | None, limits: Range) -> bool:
    return value is not None and limits[0] <= value <= limits[1]
