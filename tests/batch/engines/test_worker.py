from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline.batch.engines.worker import Place, Worker
from pipeline.batch.record import Ended
from pipeline.batch.task import Stopped, Task
from pipeline.dicom.roles.assign import assign
from pipeline.errors import LockError, OutputError
from pipeline.report.row import Row, Status
from pipeline.study import Study

TASK = Task(0, assign(Study("1.2.3", ())), "study-1", "wanted")


def worker(monkeypatch: pytest.MonkeyPatch, process: object) -> Worker:
    """One whose studies are done by `process`."""
    bench = SimpleNamespace(process=process)
    monkeypatch.setattr(Worker, "__init__", lambda self: setattr(self, "_bench", bench))
    return Worker()  # type: ignore[call-arg]


def test_a_worker_says_how_much_memory_it_has_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.run.memory.peak_mib", lambda: 1234.5)
    done = Ended(Row("study-1", Status.DONE), False, {"read": 1.0})
    answer = worker(monkeypatch, lambda _: done).process(TASK)
    assert answer == Ended(done.row, False, {"read": 1.0}, 1234.5)


def test_what_ends_the_batch_comes_back_as_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Task) -> Ended:
        raise OutputError("OUT cannot be written.", "Mend its rights.")

    answer = worker(monkeypatch, full).process(TASK)
    assert answer == Stopped(OutputError, "OUT cannot be written.", "Mend its rights.")


def test_a_worker_that_could_not_begin_says_so_of_every_study(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_: Place) -> None:
        raise LockError("Another lock.", "Run again.")

    monkeypatch.setattr("pipeline.batch.engines.worker._bench", refused)
    beginner = Worker(Place("workspace", "out", "", 1))
    said = Stopped(LockError, "Another lock.", "Run again.")
    assert [beginner.process(TASK), beginner.process(TASK)] == [said, said]
