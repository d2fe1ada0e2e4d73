"""An interruption of a training waits until the step is whole, so that its state can be kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass
class Interruption:
    """Whether one was asked for."""

    asked: bool = False


@contextmanager
def deferred() -> Iterator[Interruption]:
    """Note the first SIGINT or SIGTERM within; the second does what the first would have done.

    Only signals that Python handles are put off, and only in the main thread, where they arrive.
    """
    noted = Interruption()
    former: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        handlers = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
        former = {one: handler for one, handler in handlers.items() if callable(handler)}

    def note(number: int, frame: FrameType | None) -> None:
        if noted.asked:
            former[signal.Signals(number)](number, frame)
        noted.asked = True

    for one in former:
        signal.signal(one, note)
    try:
        yield noted
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
