"""What is done to one study: read, appraise, compute, write; each step can wait for the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pipeline.batch.folder import NO_SPACE
from pipeline.batch.record import Ended
from pipeline.batch.setting import Setting
from pipeline.batch.task import Task
from pipeline.batch.write import write_study
from pipeline.errors import Code, InputError, TesseraError
from pipeline.report.row import Row
from pipeline.report.sum_up import failed_row, row_of
from pipeline.result import CaseResult
from pipeline.run.appraise import Appraised
from pipeline.run.clock import Clock
from pipeline.run.prepare import Images, read
from pipeline.run.runner import Runner

Made = TypeVar("Made")
Next = TypeVar("Next")


@dataclass(frozen=True)
class Underway(Generic[Made]):
    """A study between two steps: what the last one made of it, or why the study ended there."""

    task: Task
    made: Made | InputError
    clock: Clock


@dataclass(frozen=True)
class Bench:
    """Where studies are worked on: the verified workspace and the output folder."""

    setting: Setting
    out: Path

    def fetch(self, task: Task) -> Underway[Images]:
        """Read and decode the series that play a role."""
        clock = Clock()
        with clock.stage("read"):
            return Underway(task, self._spared(lambda: read(task.case)), clock)

    def appraise(self, study: Underway[Images]) -> Underway[Appraised]:
        """Judge, gate and align the series."""
        return self._step(study, lambda images: self._runner.appraise(images, study.clock))

    def compute(self, study: Underway[Appraised]) -> Underway[CaseResult]:
        """Run the case's modules."""
        task, clock = study.task, study.clock
        return self._step(study, lambda made: self._runner.run(task.case, task.name, made, clock))

    def finish(self, study: Underway[CaseResult]) -> tuple[Task, Ended]:
        """Write the study's folder.

        Raises
        ------
        OutputError
            The output folder cannot be written.
        """
        task = study.task
        with study.clock.stage("write"):
            row = self._step(study, lambda result: self._write(task, result)).made
        if isinstance(row, InputError):
            return task, failed(task.name, row)
        return task, Ended(row, False, study.clock.seconds)

    def process(self, task: Task) -> Ended:
        """All steps, one after the other."""
        return self.finish(self.compute(self.appraise(self.fetch(task))))[1]

    @property
    def _runner(self) -> Runner:
        return self.setting.runner

    def _step(self, study: Underway[Made], work: Callable[[Made], Next]) -> Underway[Next]:
        """The next step, for a study that is still going."""
        made = study.made
        if isinstance(made, InputError):
            return Underway(study.task, made, study.clock)
        return Underway(study.task, self._spared(lambda: work(made)), study.clock)

    def _write(self, task: Task, result: CaseResult) -> Row:
        row = row_of(result)
        write_study(self.out / task.name, result, row, task.wanted)
        return row

    def _spared(self, work: Callable[[], Made]) -> Made | InputError:
        """What one study does to Tessera itself ends that study; the others go on.

        What concerns every study (the lock, a bundle, the output folder) is raised.
        """
        try:
            return work()
        except InputError as error:
            return error
        except TesseraError:
            raise
        except Exception as error:
            if self.setting.runner.executor.debug:
                raise
            full = isinstance(error, OSError) and error.errno in NO_SPACE
            # The error's own words may quote a header, so only its kind is kept.
            said = f"Tessera stopped with {type(error).__name__}."
            return InputError(Code.DISK_FULL if full else Code.INTERNAL, said)


def failed(name: str, error: InputError) -> Ended:
    """A study that could not be processed."""
    return Ended(failed_row(name, error.code, error.message, error.remedy), False, {})
