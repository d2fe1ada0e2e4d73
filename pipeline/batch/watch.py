"""Who follows a batch."""

from __future__ import annotations

from typing import Protocol

from pipeline.batch.receipt import Receipt
from pipeline.report.row import Row


class Watch(Protocol):
    """Who is told how far the batch has come."""

    def scanned(self, found: Receipt) -> None:
        """All headers are read, or are known to be those of an earlier run."""

    def started(self, name: str) -> None:
        """The first study that was not done before begins."""

    def done(self, row: Row, resumed: bool) -> None:
        """A study ended; `resumed` where an earlier run had finished it."""
