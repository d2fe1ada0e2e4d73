"""The figures of single series, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.result import CaseResult
from pipeline.types import Role


@dataclass(frozen=True)
class QualityLine:
    """One figure of every series, None where it was not measured."""

    name: str
    unit: str
    probability: bool
    values: tuple[float | None, ...]


def quality_roles(result: CaseResult) -> tuple[Role, ...]:
    """List the roles whose series were measured."""
    measured = {m.role for r in result.results for m in r.prediction.measurements}
    return tuple(role for role in Role if role in measured)


def quality_lines(result: CaseResult) -> tuple[QualityLine, ...]:
    """Lay the figures of single series side by side, probabilities first."""
    given = [m for r in result.results for m in r.prediction.measurements if m.role is not None]
    values = {(m.name, m.unit, m.role): m.value for m in given}
    lines = [
        QualityLine(
            name=name,
            unit=unit,
            probability=unit == "1" and name.endswith("probability"),
            values=tuple(values.get((name, unit, role)) for role in quality_roles(result)),
        )
        for name, unit in dict.fromkeys((m.name, m.unit) for m in given)
    ]
    return tuple(sorted(lines, key=lambda line: not line.probability))
