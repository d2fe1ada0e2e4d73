"""What something costs, in wall and in processor seconds."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Spent(NamedTuple):
    """Wall time, and what the process, and those it started and that ended, took, in seconds."""

    wall: float
    processor: float


@contextmanager
def clock(into: list[Spent], share: int = 1) -> Iterator[None]:
    """Add the time spent inside, over `share`."""
    before = now()
    yield
    wall, processor = (b - a for a, b in zip(before, now(), strict=True))
    into.append(Spent(wall / share, processor / share))


def now() -> Spent:
    """Both clocks."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.perf_counter(), time.process_time() + ended.ru_utime + ended.ru_stime)
