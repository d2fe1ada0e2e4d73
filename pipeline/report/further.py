"""Figures without a column of their own in the table of studies, in a table behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.report.naming import heading, notes
from pipeline.report.row import VOLUME_NAMES, Row


@dataclass(frozen=True)
class Column:
    """One figure of every study; `name` and `unit` are the module's."""

    name: str
    unit: str
    heading: str


@dataclass(frozen=True)
class Line:
    """One study's figures in the order of the columns, NaN where absent."""

    row: Row
    values: tuple[float, ...]


def further_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """List the figures that any study has, in the order they were first met."""
    found = dict.fromkeys((m.name, m.unit) for row in rows for m in row.others)
    return tuple(Column(name, unit, heading(name, unit)) for name, unit in found)


def further_lines(rows: Sequence[Row], columns: Sequence[Column]) -> tuple[Line, ...]:
    """Lay out the figures of the studies that have any."""
    return tuple(_line(row, columns) for row in rows if row.others)


def explained(rows: Sequence[Row]) -> tuple[str, ...]:
    """Say what the figures of these studies mean where their headings do not."""
    names = {m.name for row in rows for m in row.others}
    if any(math.isfinite(row.volumes_ml.brain) for row in rows):
        names.add(VOLUME_NAMES["brain"])
    return notes(names)


def _line(row: Row, columns: Sequence[Column]) -> Line:
    values = {(m.name, m.unit): m.value for m in row.others}
    return Line(row, tuple(values.get((c.name, c.unit), math.nan) for c in columns))
