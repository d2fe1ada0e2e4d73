"""Progress of a batch."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.batch.receipt import Receipt
from pipeline.cli.bar import Bar
from pipeline.report.row import Row


class Progress(Bar):
    """Watches a batch."""

    def __init__(self, quiet: bool = False) -> None:
        super().__init__(quiet, "reading headers")

    def warn(self, drift: Iterable[object]) -> None:
        """Say where the installation differs from the lock."""
        for entry in drift:
            self.say(f"warning: {entry}")

    def scanned(self, found: Receipt) -> None:
        """Say what was found; the bar knows its length now."""
        total, left_out = len(found.requests), sum(found.left_out.values())
        why = ", ".join(f"{code} {count}" for code, count in sorted(found.left_out.items()))
        self.begin("studies", total)
        read = found.files - left_out
        left = f"{left_out} left out ({why})" if why else "none left out"
        self.say(f"{found.files} files: {read} in {total} studies, {left}")

    def started(self, name: str) -> None:
        """Name the study that runs."""
        self.name(name)

    def done(self, row: Row, resumed: bool) -> None:
        """Advance, and say how the study ended."""
        why = f" {row.code}: {row.message}" if row.code else ""
        end = "kept" if resumed else row.status.value
        self.step(f"{row.pseudonym} {end}{why}")
