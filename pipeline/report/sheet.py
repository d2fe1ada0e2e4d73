"""cases.csv: one line per study, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path

from pipeline.report.row import Row, Volumes
from pipeline.report.write import write_whole
from pipeline.types import Role

COLUMNS = (
    "study",
    "status",
    "code",
    "message",
    "remedy",
    "roles",
    *(f"quality_{role}" for role in Role),
    *(f"{field.name}_ml" for field in fields(Volumes)),
    "lesions",
    "versions",
    "seconds",
)
# A spreadsheet takes a cell that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write one line per study under COLUMNS, then one column per further figure of the case.

    Absent figures are empty cells; figures are in the unit the header names, volumes in ml.

    Raises
    ------
    OutputError
        The folder is missing, full or not writable.
    """
    further = sorted({_heading(m.name, m.unit) for row in rows for m in row.others})
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow([*COLUMNS, *(guarded(heading) for heading in further)])
    writer.writerows([*_cells(row), *_further(row, further)] for row in rows)
    write_whole(path, sheet.getvalue())


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would compute."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def versions_text(row: Row) -> str:
    """Name the modules that ran: ``quality 1.0.0; tissue 1.2.0``."""
    return "; ".join(f"{module.name} {module.version}" for module in row.versions)


def _cells(row: Row) -> list[str]:
    return [
        *map(guarded, (row.pseudonym, row.status, row.code or "", row.message, row.remedy)),
        " ".join(row.roles),
        *(row.verdicts[role].value if role in row.verdicts else "" for role in Role),
        *(number(getattr(row.volumes_ml, field.name), 3) for field in fields(Volumes)),
        "" if row.lesions is None else str(row.lesions),
        guarded(versions_text(row)),
        number(row.seconds, 1),
    ]


def _further(row: Row, headings: Sequence[str]) -> list[str]:
    values = {_heading(m.name, m.unit): m.value for m in row.others}
    return [number(values.get(heading, math.nan), 6) for heading in headings]


def _heading(name: str, unit: str) -> str:
    return name if unit == "1" else f"{name} ({unit})"


def number(value: float, digits: int) -> str:
    """Write a figure with a fixed number of digits, nothing where it is not finite."""
    return f"{value:.{digits}f}" if math.isfinite(value) else ""
