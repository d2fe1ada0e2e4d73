"""index.html: every study of a run on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import REMEDIES, Code
from pipeline.report.further import explained, further_columns, further_lines
from pipeline.report.page import render, script_source
from pipeline.report.row import Row, Status
from pipeline.report.run import RunSummary
from pipeline.report.write import write_whole


@dataclass(frozen=True)
class Trouble:
    """Studies that stopped for one reason, and what to do."""

    code: Code
    remedy: str
    studies: tuple[str, ...]


def write_index(path: Path, rows: Sequence[Row], run: RunSummary) -> None:
    """Write the cohort's page; it links to ``<pseudonym>/report.html`` beside it.

    Its tables can be sorted by any column where scripts run, and are complete where they do not.

    Raises
    ------
    OutputError
        The folder is missing, full or not writable; an older page is left as it was.
    """
    counts = Counter(row.status for row in rows)
    missing = max(0, (run.expected or 0) - len(rows))
    columns = further_columns(rows)
    page = render(
        "index.html",
        rows=rows,
        run=run,
        said=_studies(len(rows), missing),
        missing=missing,
        counts=tuple((status, counts[status]) for status in Status),
        troubles=troubles(rows),
        lesions=any(row.lesions is not None for row in rows),
        columns=columns,
        lines=further_lines(rows, columns),
        notes=explained(rows),
        remedies=REMEDIES,
        script_source=script_source(),
    )
    write_whole(path, page)


def troubles(rows: Sequence[Row]) -> tuple[Trouble, ...]:
    """Group the studies that were not finished by the reason, the commonest first."""
    counts = Counter(row.code for row in rows if row.code)
    return tuple(_trouble(code, rows) for code, _ in counts.most_common())


def _studies(there: int, missing: int) -> str:
    """Count the studies: ``4 studies``, ``3 of 12 studies`` where some are missing."""
    whole = there + missing
    count = f"{there} of {whole}" if missing else str(there)
    return f"{count} {'study' if whole == 1 else 'studies'}"


def _trouble(code: Code, rows: Sequence[Row]) -> Trouble:
    stopped = [row for row in rows if row.code == code]
    return Trouble(code, stopped[0].remedy, tuple(row.pseudonym for row in stopped))
