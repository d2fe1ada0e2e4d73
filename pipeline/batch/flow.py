"""Items through stages, each in a thread of its own, with no more than a few waiting between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any

# How often a thread that waits looks whether it still should.
PATIENCE_S = 0.1
END = object()

Stage = Callable[[Any], Any]


@dataclass(frozen=True)
class _Raised:
    """An exception on its way to the consumer."""

    error: BaseException


def flow(items: Iterable[Any], stages: Sequence[Stage], waiting: int = 1) -> Iterator[Any]:
    """Give what the last stage makes of each item, in the items' order.

    While one item is in a stage, the next is in the one before. A stage that is faster than the
    next waits for it, so no more than ``(waiting + 1) * stages`` items are held at any time.

    Parameters
    ----------
    items : iterable
        Taken one at a time, when there is room.
    stages : sequence of callable
        Each takes what the former returned.
    waiting : int
        Items that may wait before each stage.

    Raises
    ------
    BaseException
        The first exception of a stage or of `items`; the others are told to stop and waited for.
    """
    stop = threading.Event()
    queues = [Queue[Any](waiting) for _ in range(len(stages) + 1)]
    threads = [threading.Thread(target=_feed, args=(items, queues[0], stop), daemon=True)]
    for stage, before, after in zip(stages, queues, queues[1:], strict=False):
        arguments = (stage, before, after, stop)
        threads.append(threading.Thread(target=_work, args=arguments, daemon=True))
    for thread in threads:
        thread.start()
    try:
        while (found := _take(queues[-1], stop)) is not END:
            if isinstance(found, _Raised):
                raise found.error
            yield found
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _feed(items: Iterable[Any], after: Queue[Any], stop: threading.Event) -> None:
    try:
        for item in items:
            if not _put(after, item, stop):
                return
        _put(after, END, stop)
    except BaseException as error:
        _put(after, _Raised(error), stop)


def _work(stage: Stage, before: Queue[Any], after: Queue[Any], stop: threading.Event) -> None:
    while (item := _take(before, stop)) is not END:
        try:
            made = item if isinstance(item, _Raised) else stage(item)
        except BaseException as error:
            made = _Raised(error)
        del item  # nothing is held while the thread waits for the next
        if not _put(after, made, stop) or isinstance(made, _Raised):
            return
        del made
    _put(after, END, stop)


def _take(queue: Queue[Any], stop: threading.Event) -> Any:
    while not stop.is_set():
        try:
            return queue.get(timeout=PATIENCE_S)
        except Empty:
            continue
    return END


def _put(queue: Queue[Any], item: Any, stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            queue.put(item, timeout=PATIENCE_S)
        except Full:
            continue
        return True
    return False
