"""A process that does studies it is handed: it verifies the workspace itself before the first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batch.record import Ended
from pipeline.batch.task import Stopped, Task, stopped
from pipeline.errors import LockError, TesseraError

if TYPE_CHECKING:
    from pipeline.batch.study import Bench


@dataclass(frozen=True)
class Place:
    """Where workers find everything; paths on storage that all of them share.

    Attributes
    ----------
    workspace, out : str
        The workspace's folder and the output folder.
    lock : str
        Digest of the lock that the batch was started with.
    threads : int
        Cores for each worker.
    debug : bool
        Raise what a module's code raises.
    """

    workspace: str
    out: str
    lock: str
    threads: int
    debug: bool = False


class Worker:
    """Holds the networks and does one study at a time; what ends a batch comes back as a value."""

    def __init__(self, place: Place) -> None:
        try:
            self._bench: Bench | Stopped = _bench(place)
        except TesseraError as error:
            self._bench = stopped(error)

    def process(self, task: Task) -> Ended | Stopped:
        """Do one study."""
        from pipeline.dicom.read.header import quiet
        from pipeline.run.memory import peak_mib

        if isinstance(self._bench, Stopped):
            return self._bench
        try:
            with quiet():
                ended = self._bench.process(task)
            return replace(ended, peak_mib=peak_mib())
        except TesseraError as error:
            return stopped(error)


def _bench(place: Place) -> Bench:
    from pipeline.bundle.runtimes.cores import settle_threads
    from pipeline.bundle.runtimes.memory import collect_seldom, keep_freed_memory

    settle_threads(place.threads)
    keep_freed_memory()
    from pipeline.batch.setting import open_setting
    from pipeline.batch.study import Bench
    from pipeline.workspace import find

    setting = open_setting(find(Path(place.workspace)), place.debug, place.threads)
    if setting.lock != place.lock:
        raise LockError(
            "A worker found another lock than the batch was started with.",
            "Let all workers see the same workspace, and run again.",
        )
    bench = Bench(setting, Path(place.out))
    collect_seldom()
    return bench
