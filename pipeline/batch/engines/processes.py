"""Several processes on this machine, each with its share of the cores."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from pipeline.batch.engines.dispatch import dispatch
from pipeline.batch.engines.worker import Place, Worker
from pipeline.batch.record import Ended
from pipeline.batch.task import Answer, Lost, Stopped, Task

_worker: Worker | None = None


@dataclass(frozen=True)
class Processes:
    """So many workers, started anew rather than forked: libraries with threads do not fork well."""

    place: Place
    count: int

    def run(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Ended]]:
        """Studies as they end; at most one for each worker is in memory."""
        crew = _Crew(self.place, min(self.count, len(tasks)))
        try:
            yield from dispatch(tasks, crew)
        finally:
            crew.close()


class _Crew:
    def __init__(self, place: Place, count: int) -> None:
        self._place = place
        # A pool each, so that a worker that dies takes no other worker's study with it.
        self._idle = [self._pool() for _ in range(count)]
        self._busy: dict[Future[Ended | Stopped], tuple[ProcessPoolExecutor, Task]] = {}

    @property
    def idle(self) -> bool:
        return bool(self._idle)

    def start(self, task: Task) -> None:
        pool = self._idle.pop()
        self._busy[pool.submit(_process, task)] = pool, task

    def next(self) -> tuple[Task, Answer]:
        ended = wait(self._busy, return_when=FIRST_COMPLETED).done.pop()
        pool, task = self._busy.pop(ended)
        try:
            answer: Answer = ended.result()
        except BrokenProcessPool:
            pool.shutdown(wait=False)
            pool, answer = self._pool(), Lost()
        self._idle.append(pool)
        return task, answer

    def close(self) -> None:
        """Let the workers go; a study that still runs is waited for, so that it is whole."""
        for pool in (*self._idle, *(pool for pool, _ in self._busy.values())):
            pool.shutdown(cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, fresh, _enter, (self._place,))


def _enter(place: Place) -> None:
    global _worker
    threading.Thread(target=_follow_parent, daemon=True).start()
    _worker = Worker(place)


def _follow_parent() -> None:
    """End with the process that started this one, even where that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _process(task: Task) -> Ended | Stopped:
    assert _worker is not None  # noqa: S101 - the pool has run `_enter`
    return _worker.process(task)
