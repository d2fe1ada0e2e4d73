"""Hand studies to workers that may die: one that is lost is done by another."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.batch.record import Ended
from pipeline.batch.study import failed
from pipeline.batch.task import Answer, Stopped, Task
from pipeline.errors import Code, InputError

# A study that takes its worker with it this often is to blame itself.
ATTEMPTS = 3


class Crew(Protocol):
    """Workers, each doing one study at a time."""

    @property
    def idle(self) -> bool:
        """Whether a worker has nothing to do."""

    def start(self, task: Task) -> None:
        """Give a study to an idle worker."""

    def next(self) -> tuple[Task, Answer]:
        """Wait for a study's end; a worker that was lost has been replaced."""


def dispatch(tasks: Sequence[Task], crew: Crew) -> Iterator[tuple[Task, Ended]]:
    """Keep every worker busy and give each study's end as it comes.

    Raises
    ------
    TesseraError
        What a worker says must end the batch.
    """
    waiting, attempts, working = deque(tasks), Counter[int](), 0
    while waiting or working:
        while waiting and crew.idle:
            crew.start(waiting.popleft())
            working += 1
        task, answer = crew.next()
        working -= 1
        if isinstance(answer, Stopped):
            raise answer.error()
        if isinstance(answer, Ended):
            yield task, answer
            continue
        attempts[task.number] += 1
        if attempts[task.number] < ATTEMPTS:
            waiting.appendleft(task)
        else:
            yield task, failed(task.name, _lost())


def _lost() -> InputError:
    return InputError(Code.MODULE_FAILED, f"{ATTEMPTS} workers ended while doing this study.")
