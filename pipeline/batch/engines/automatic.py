"""As many processes as the studies, the cores and the memory are worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.batch.engines.engine import Engine
from pipeline.batch.engines.here import Here
from pipeline.batch.engines.processes import Processes
from pipeline.batch.engines.worker import Place
from pipeline.batch.record import Ended
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.bundle.runtimes.cores import cores, memory_mib, share

# A process takes some seconds to start, as much as it saves on three studies.
STUDIES_EACH = 3
# On one core nothing waits: on two, networks wait for each other's halves, Python for its lock.
CORES_EACH = 1
# A study's peak, with room for what the operating system keeps of its files.
MEMORY_EACH_MIB = 3072


@dataclass(frozen=True)
class Automatic:
    """The process at hand for a few studies or a graphics processor, several for many studies.

    Much of a study is Python, which one process does on one core, however many there are.
    """

    bench: Bench
    place: Place

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Studies as they end."""
        return self.engine(jobs(len(tasks), cores(), memory_mib())).run(tasks)

    def engine(self, count: int) -> Engine:
        """Who does the studies, where so many processes are worth it."""
        shelf = self.bench.setting.shelf
        if count == 1 or any("cuda" in shelf.runtime_of(name) for name in shelf.order):
            return Here(self.bench)
        return Processes(replace(self.place, threads=share(count)), count)


def jobs(studies: int, cores: int, memory_mib: float) -> int:
    """Processes for so many studies, each with cores and room for a study; at least one."""
    return max(1, min(studies // STUDIES_EACH, room(cores, memory_mib)))


def room(cores: int, memory_mib: float) -> int:
    """Processes that so many cores and so much memory keep busy; at least one."""
    return max(1, min(cores // CORES_EACH, int(memory_mib // MEMORY_EACH_MIB)))
