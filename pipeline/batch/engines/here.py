"""In this process: while one study is computed the next is read and appraised, the last written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.batch.flow import Stage, flow
from pipeline.batch.record import Ended
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.bundle.runtimes.memory import collect_seldom
from pipeline.dicom.read.header import quiet


@dataclass(frozen=True)
class Here:
    """A thread for each step; no step is done twice at a time.

    Networks and ITK use all cores, what lies between them one: another study's step fills the rest.
    """

    bench: Bench

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Studies in order; at most six are in memory, results of two of them."""
        collect_seldom()
        # Silencing pydicom is no matter of one thread: it must hold until the last has ended.
        with quiet():
            bench = self.bench
            # Images may wait, results are several times as large.
            before = Stage(bench.fetch, ahead=2), Stage(bench.appraise, ahead=2)
            yield from flow(tasks, (*before, Stage(bench.compute), Stage(bench.finish)))
