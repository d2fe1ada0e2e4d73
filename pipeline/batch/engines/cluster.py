"""A Ray cluster: actors hold the networks, a task is a study, storage is shared."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any

from pipeline.batch.engines.automatic import room
from pipeline.batch.engines.connect import connect
from pipeline.batch.engines.dispatch import dispatch
from pipeline.batch.engines.worker import Place, Worker
from pipeline.batch.record import Ended
from pipeline.batch.task import Answer, Lost, Task


@dataclass(frozen=True)
class Cluster:
    """Workers on a Ray cluster.

    Attributes
    ----------
    place : Place
        Paths that every node sees.
    count : int
        Workers; 0 for as many as the nodes' cores and memory keep busy.
    address : str
        Such as ``head:6379``; empty starts Ray on this machine, for this batch alone.
    """

    place: Place
    count: int = 0
    address: str = ""

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Studies as they end; at most one for each worker is in memory.

        Raises
        ------
        UsageError
            Ray is not installed, or no cluster answers at the address.
        """
        if not tasks:
            return
        ray = connect(self.address)
        try:
            crew = _Crew(ray, self.place, self._workers(ray, len(tasks)))
            try:
                yield from dispatch(tasks, crew)
            finally:
                crew.close()
        finally:
            ray.shutdown()

    def _workers(self, ray: Any, studies: int) -> list[int]:
        """Cores of each worker."""
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
        if not self.count:
            return spread(nodes)[:studies]
        whole = [int(node.get("CPU", 0)) for node in nodes]
        each = max(1, sum(whole) // self.count)
        return [min(each, max(whole))] * min(self.count, studies)


def spread(nodes: Sequence[Mapping[str, float]]) -> list[int]:
    """Cores of each worker, one worker of every node before the second of any.

    Parameters
    ----------
    nodes : sequence of mapping
        What Ray grants on each: CPU and GPU in pieces, memory in bytes. On a graphics processor
        networks take next to nothing, and two of them would share its memory: one worker.
    """
    each = []
    for node in nodes:
        cores = int(node.get("CPU", 0))
        count = 1 if node.get("GPU") else min(cores, room(cores, node.get("memory", 0) / 2**20))
        each.append([cores // count] * count if count else [])
    return [cores for cores in chain.from_iterable(zip_longest(*each)) if cores]


class _Crew:
    def __init__(self, ray: Any, place: Place, workers: Sequence[int]) -> None:
        self._ray, self._place = ray, place
        self._idle = [(self._hire(cores), cores) for cores in workers]
        self._busy: dict[Any, tuple[Any, int, Task]] = {}

    @property
    def idle(self) -> bool:
        return bool(self._idle)

    def start(self, task: Task) -> None:
        actor, cores = self._idle.pop()
        self._busy[actor.process.remote(task)] = actor, cores, task

    def next(self) -> tuple[Task, Answer]:
        ended = self._ray.wait(list(self._busy), num_returns=1)[0][0]
        actor, cores, task = self._busy.pop(ended)
        try:
            answer: Answer = self._ray.get(ended)
        except self._ray.exceptions.RayActorError:
            # Ray places the new one where there is room: elsewhere, if the node is gone.
            actor, answer = self._hire(cores), Lost()
        self._idle.append((actor, cores))
        return task, answer

    def close(self) -> None:
        """Let the workers go; one that still works is ended, its study's folder stays absent."""
        for actor, *_ in (*self._idle, *self._busy.values()):
            with contextlib.suppress(self._ray.exceptions.RayError):
                self._ray.kill(actor)

    def _hire(self, cores: int) -> Any:
        place = replace(self._place, threads=cores)
        return self._ray.remote(num_cpus=cores)(_Actor).remote(place)


class _Actor(Worker):
    """A worker as Ray runs it."""

    def __init__(self, place: Place) -> None:
        # Ray would raise SystemExit in whatever runs, a module's code too: a worker told to end
        # ends, and its study is done elsewhere.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        super().__init__(place)
