"""The figures of single series, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.report.words import alike
from pipeline.result import CaseResult
from pipeline.types import Measurement, Role

# A meaning begins with what it is: "Probability of blur". Both run from 0 to 1.
PROBABILITY, SEVERITY = "probability", "severity"


@dataclass(frozen=True)
class QualityLine:
    """One figure of every series: None where it was not measured, and how it is written."""

    name: str
    unit: str
    probability: bool
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


def quality_roles(result: CaseResult) -> tuple[Role, ...]:
    """List the roles whose series were measured."""
    measured = {m.role for r in result.results for m in r.prediction.measurements}
    return tuple(role for role in Role if role in measured)


def quality_lines(result: CaseResult) -> tuple[QualityLine, ...]:
    """Lay the figures of single series side by side under their meaning, probabilities first."""
    given = [m for r in result.results for m in r.prediction.measurements if m.role is not None]
    figures: dict[tuple[str, str], list[Measurement]] = {}
    for measurement in given:
        figures.setdefault((measurement.name, measurement.unit), []).append(measurement)
    meanings = Counter(same[0].concept.meaning for same in figures.values())
    roles = quality_roles(result)
    lines = [
        _line(same, roles, meanings[same[0].concept.meaning] == 1) for same in figures.values()
    ]
    return tuple(sorted(lines, key=lambda line: not line.probability))


def _line(same: list[Measurement], roles: Iterable[Role], telling: bool) -> QualityLine:
    """Make a line; a meaning that several figures share tells none of them from the others."""
    first, found = same[0], {m.role: m.value for m in same}
    values = tuple(found.get(role) for role in roles)
    kind = first.concept.meaning.lower().partition(" ")[0] if first.unit == "1" else ""
    return QualityLine(
        name=first.concept.meaning if telling else first.name,
        unit=first.unit,
        probability=kind == PROBABILITY,
        values=values,
        texts=alike(values, 2 if kind in (PROBABILITY, SEVERITY) else None),
    )
