from __future__ import annotations

from collections import deque

import pytest

from pipeline.batch.engines.dispatch import ATTEMPTS, dispatch
from pipeline.batch.record import Ended
from pipeline.batch.study import failed
from pipeline.batch.task import Answer, Lost, Stopped, Task
from pipeline.errors import Code, InputError, OutputError
from pipeline.study import Case, Study


def tasks(count: int) -> list[Task]:
    case = Case(Study("1.2", ()), {}, ())
    return [Task(number, case, f"study-{number}", "") for number in range(count)]


def done(task: Task) -> Ended:
    return failed(task.name, InputError(Code.BLANK, "for tests"))


class Workers:
    """A crew whose answers are decided beforehand, the last study started ending first."""

    def __init__(self, size: int, answers: dict[int, list[Answer]]) -> None:
        self.size, self.answers = size, answers
        self.busy: deque[Task] = deque()
        self.most = 0

    @property
    def idle(self) -> bool:
        return len(self.busy) < self.size

    def start(self, task: Task) -> None:
        self.busy.append(task)
        self.most = max(self.most, len(self.busy))

    def next(self) -> tuple[Task, Answer]:
        task = self.busy.pop()
        planned = self.answers.get(task.number)
        return task, planned.pop(0) if planned else done(task)


def test_every_study_ends_once_and_workers_are_kept_busy() -> None:
    crew = Workers(3, {})
    ended = [task.number for task, _ in dispatch(tasks(7), crew)]
    assert sorted(ended) == list(range(7))
    assert crew.most == 3


def test_a_lost_study_is_done_again() -> None:
    crew = Workers(2, {1: [Lost()], 4: [Lost(), Lost()]})
    codes = {task.number: ended.row.code for task, ended in dispatch(tasks(5), crew)}
    assert set(codes.values()) == {Code.BLANK}
    assert len(codes) == 5


def test_a_study_that_takes_every_worker_with_it_fails_alone() -> None:
    crew = Workers(2, {2: [Lost()] * ATTEMPTS})
    codes = {task.number: ended.row.code for task, ended in dispatch(tasks(4), crew)}
    assert codes[2] is Code.MODULE_FAILED
    assert len(codes) == 4


def test_what_ends_the_batch_is_raised() -> None:
    crew = Workers(1, {1: [Stopped(OutputError, "full", "Free some.")]})
    with pytest.raises(OutputError, match="full"):
        list(dispatch(tasks(3), crew))
