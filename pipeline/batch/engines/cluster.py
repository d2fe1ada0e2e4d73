"""A Ray cluster: actors hold the networks, a task is a study, storage is shared."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.batch.engines.dispatch import dispatch
from pipeline.batch.engines.worker import Place, Worker
from pipeline.batch.record import Ended
from pipeline.batch.task import Answer, Lost, Task
from pipeline.errors import UsageError

PATIENCE_S = 5.0
# Where Ray keeps the secret that guards clusters, unless RAY_AUTH_TOKEN_PATH names another place.
TOKEN = Path(".ray") / "auth_token"
QUIET: dict[str, Any] = {
    "log_to_driver": False,
    "logging_level": "ERROR",
    "include_dashboard": False,
}


@dataclass(frozen=True)
class Cluster:
    """Workers on a Ray cluster.

    Attributes
    ----------
    place : Place
        Paths that every node sees.
    count : int
        Workers; 0 for one on each node, with all its cores.
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
        ray = _connect(self.address)
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
        nodes = [int(n["Resources"].get("CPU", 0)) for n in ray.nodes() if n["Alive"]]
        whole = [cores for cores in nodes if cores]
        if not self.count:
            return whole[:studies]
        each = max(1, sum(whole) // self.count)
        return [min(each, max(whole))] * min(self.count, studies)


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


def _connect(address: str) -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves this machine
    if address and has_token(Path.home()):
        # Ray shows a token it holds unasked, except to an address; one without locks ignores it.
        os.environ.setdefault("RAY_AUTH_MODE", "token")
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "Ray is not installed.", "Install it with pip install tessera-mri[ray]."
        ) from error
    former = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address=address or "local", **QUIET)
        signal.signal(signal.SIGTERM, former)  # Ray lays a handler of its own
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"No Ray cluster answers at {address or 'this machine'}: {type(error).__name__}.",
            "Start one with `ray start --head`, or mend --address; where a token guards it, lay "
            "the head's ~/.ray/auth_token here, too.",
        ) from error
    return ray


def has_token(home: Path) -> bool:
    """Whether this account holds a token for Ray's clusters."""
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    return bool(named) or (home / TOKEN).is_file()


def _knock(address: str) -> None:
    """Ray itself waits for minutes where nobody is; ``auto`` and ``ray://`` are left to it."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), PATIENCE_S).close()
