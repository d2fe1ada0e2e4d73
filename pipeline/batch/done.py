"""How a batch ended."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.report.row import Row, Status
from pipeline.report.run import RunSummary


@dataclass(frozen=True)
class Done:
    """A batch that came to its end.

    Attributes
    ----------
    rows : tuple of Row
        Its studies.
    summary : RunSummary
        The run as a whole.
    resumed : int
        Studies that an earlier run had finished.
    strays : int
        Folders of studies that were not in this run's input; an earlier run's.
    """

    rows: tuple[Row, ...]
    summary: RunSummary
    resumed: int
    strays: int = 0

    @property
    def exit_status(self) -> int:
        """0 where every study was done, 5 where some were not."""
        return 0 if all(row.status is not Status.FAILED for row in self.rows) else 5
