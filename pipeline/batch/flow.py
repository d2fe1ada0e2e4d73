"""Items through stages, each in a thread of its own and only so far ahead of the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

# How often a thread that waits looks whether it still should.
PATIENCE_S = 0.1
END = object()


@dataclass(frozen=True)
class Stage:
    """What is done to an item, by a thread of its own.

    Attributes
    ----------
    work : callable
        Takes what the former stage returned.
    ahead : int
        Items, that under work included, which the next stage may not have taken yet.
    """

    work: Callable[[Any], Any]
    ahead: int = 1


@dataclass(frozen=True)
class _Raised:
    """An exception on its way to the consumer."""

    error: BaseException


class _Handover:
    """Where items lie between two stages; there is room for as many as one may be ahead."""

    def __init__(self, stop: threading.Event, room: int = 1) -> None:
        self._stop, self._free = stop, threading.Semaphore(room)
        self._items: SimpleQueue[Any] = SimpleQueue()

    def reserve(self) -> bool:
        """Wait for room for another item; False where the flow was told to stop."""
        while not self._stop.is_set():
            if self._free.acquire(timeout=PATIENCE_S):
                return True
        return False

    def give(self, item: Any) -> None:
        """Lay down an item, for which there is room."""
        self._items.put(item)

    def take(self) -> Any:
        """Wait for an item; END where the flow was told to stop."""
        while not self._stop.is_set():
            try:
                item = self._items.get(timeout=PATIENCE_S)
            except Empty:
                continue
            self._free.release()
            return item
        return END


def flow(items: Iterable[Any], stages: Sequence[Stage]) -> Iterator[Any]:
    """Give what the last stage makes of each item, in the items' order.

    While one item is in a stage, the next is in the one before. No stage begins with an item before
    it may be so far ahead of the next one, so memory does not grow with the items.

    Parameters
    ----------
    items : iterable
        Taken one at a time, when there is room.
    stages : sequence of Stage
        In order.

    Raises
    ------
    BaseException
        The first exception of a stage or of `items`; the others are told to stop and waited for.
    """
    stop = threading.Event()
    between = [_Handover(stop), *(_Handover(stop, stage.ahead) for stage in stages)]
    threads = [threading.Thread(target=_feed, args=(items, between[0]), daemon=True)]
    for stage, before, after in zip(stages, between, between[1:], strict=False):
        threads.append(
            threading.Thread(target=_work, args=(stage.work, before, after), daemon=True)
        )
    for thread in threads:
        thread.start()
    try:
        while (found := between[-1].take()) is not END:
            if isinstance(found, _Raised):
                raise found.error
            yield found
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _feed(items: Iterable[Any], after: _Handover) -> None:
    coming = iter(items)
    while after.reserve():
        try:
            item = next(coming, END)
        except BaseException as error:
            item = _Raised(error)
        after.give(item)
        if item is END or isinstance(item, _Raised):
            return


def _work(work: Callable[[Any], Any], before: _Handover, after: _Handover) -> None:
    while after.reserve():
        item = before.take()
        try:
            made = item if item is END or isinstance(item, _Raised) else work(item)
        except BaseException as error:
            made = _Raised(error)
        del item  # nothing is held while the thread waits for the next
        after.give(made)
        if made is END or isinstance(made, _Raised):
            return
        del made
