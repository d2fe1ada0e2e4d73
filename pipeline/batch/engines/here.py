"""In this process: read the next study, compute this one and write the last at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.batch.flow import flow
from pipeline.batch.record import Ended
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.bundle.runtimes.memory import collect_seldom
from pipeline.dicom.read.header import quiet


@dataclass(frozen=True)
class Here:
    """Three threads; networks use all cores, and computing is never done twice at a time."""

    bench: Bench

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Studies in order; at most six are in memory, two before each step."""
        collect_seldom()
        # Silencing pydicom is no matter of one thread: it must hold until the last has ended.
        with quiet():
            yield from flow(tasks, (self.bench.fetch, self.bench.compute, self.bench.finish))
