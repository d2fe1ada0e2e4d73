"""What a module found in a case: its figures, its lesions and the pictures that show them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.gallery import Gallery, gallery
from pipeline.report.naming import notes
from pipeline.report.scene import Box
from pipeline.result import CaseResult, ModuleRef, Result
from pipeline.types import Finding, Measurement, Segment

MOST_FINDINGS = 20


@dataclass(frozen=True)
class Figure:
    """A figure of the whole case; `colour` is that of the segment it describes, or empty."""

    name: str
    value: float
    unit: str
    colour: str


@dataclass(frozen=True)
class Part:
    """One segment's share of all segments, 0 to 1."""

    name: str
    share: float
    colour: str


@dataclass(frozen=True)
class Section:
    """One module's part of a study's page.

    Attributes
    ----------
    module : ModuleRef
        The version that ran.
    figures : tuple of Figure
        Measurements of the whole case.
    notes : tuple of str
        What figures mean whose names do not say enough.
    parts : tuple of Part
        Shares of a whole, where every segment's volume was measured.
    findings, further : tuple of Finding
        The largest MOST_FINDINGS, and the smaller ones.
    gallery : Gallery or None
        None where nothing was marked.
    """

    module: ModuleRef
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    further: tuple[Finding, ...]
    gallery: Gallery | None


def sections(result: CaseResult, head: Box) -> tuple[Section, ...]:
    """Make a section of every result on the whole case, modules with lesions first.

    Pictures show what lies within `head`, a box on the grid of the volumes.
    """
    whole = [outcome for outcome in result.results if outcome.role is None]
    whole.sort(key=lambda outcome: not outcome.prediction.findings)
    return tuple(_section(result, outcome, head) for outcome in whole)


def _section(result: CaseResult, outcome: Result, head: Box) -> Section:
    segments = result.segments.get(outcome.module.name, ())
    measured = [m for m in outcome.prediction.measurements if m.role is None]
    findings = tuple(sorted(outcome.prediction.findings, key=lambda f: -f.volume_ml))
    return Section(
        module=outcome.module,
        figures=tuple(_figure(measurement, segments) for measurement in measured),
        notes=notes({measurement.name for measurement in measured}),
        parts=_parts(measured, segments),
        findings=findings[:MOST_FINDINGS],
        further=findings[MOST_FINDINGS:],
        gallery=gallery(result, outcome, head),
    )


def _figure(measurement: Measurement, segments: tuple[Segment, ...]) -> Figure:
    colour = next((_css(s) for s in segments if _describes(measurement, s)), "")
    return Figure(measurement.name, measurement.value, measurement.unit, colour)


def _parts(measured: list[Measurement], segments: tuple[Segment, ...]) -> tuple[Part, ...]:
    volumes = {
        segment: m.value
        for segment in segments
        for m in measured
        if m.unit == "mL" and _describes(m, segment)
    }
    whole = sum(volumes.values())
    if len(volumes) < len(segments) or len(segments) < 2 or not whole > 0:
        return ()
    return tuple(Part(s.name, value / whole, _css(s)) for s, value in volumes.items())


def _describes(measurement: Measurement, segment: Segment) -> bool:
    return measurement.segment == segment.name or measurement.name == f"{segment.name} volume"


def _css(segment: Segment) -> str:
    return "#{:02x}{:02x}{:02x}".format(*segment.colour)
