"""What a batch asks of whoever does its studies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.batch.record import Ended
from pipeline.batch.task import Task


class Engine(Protocol):
    """Does studies; every engine gives the same files, bit for bit."""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Give each study's end as it comes; raise what ends the batch as a whole."""
