"""What is done to one study: fetch its images, compute, write; each step can wait for the next."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pipeline.batch.record import Ended
from pipeline.batch.setting import Setting
from pipeline.batch.task import Task
from pipeline.batch.write import write_study
from pipeline.errors import Code, InputError, TesseraError
from pipeline.report.row import Row, failed_row, row_of
from pipeline.result import CaseResult
from pipeline.run.prepare import Images, read
from pipeline.study import Case

Done = TypeVar("Done")
NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Fetched:
    """A study whose images are in memory, or why they are not."""

    task: Task
    images: Images | InputError
    seconds: float


@dataclass(frozen=True)
class Computed:
    """A study whose modules have run, or why they have not."""

    task: Task
    result: CaseResult | InputError


@dataclass(frozen=True)
class Bench:
    """Where studies are worked on: the verified workspace and the output folder."""

    setting: Setting
    out: Path

    def fetch(self, task: Task) -> Fetched:
        """Read and decode the series that play a role."""
        started = time.perf_counter()
        images = self._spared(lambda: _images(task.case))
        return Fetched(task, images, time.perf_counter() - started)

    def compute(self, fetched: Fetched) -> Computed:
        """Run the modules."""
        task, images = fetched.task, fetched.images
        if isinstance(images, InputError):
            return Computed(task, images)
        result = self._spared(lambda: self.setting.runner.run(task.case, task.name, images))
        if isinstance(result, InputError):
            return Computed(task, result)
        seconds = {**result.seconds, "read": fetched.seconds}
        return Computed(task, replace(result, seconds=seconds))

    def finish(self, computed: Computed) -> tuple[Task, Ended]:
        """Write the study's folder.

        Raises
        ------
        OutputError
            The output folder cannot be written.
        """
        task, result = computed.task, computed.result
        if isinstance(result, InputError):
            return task, failed(task.name, result)
        started = time.perf_counter()
        row = self._spared(lambda: self._write(task, result))
        if isinstance(row, InputError):
            return task, failed(task.name, row)
        spent = time.perf_counter() - started
        return task, Ended(row, False, {**result.seconds, "write": spent})

    def process(self, task: Task) -> Ended:
        """All steps, one after the other."""
        return self.finish(self.compute(self.fetch(task)))[1]

    def _write(self, task: Task, result: CaseResult) -> Row:
        row = row_of(result)
        write_study(self.out / task.name, result, row, task.wanted)
        return row

    def _spared(self, work: Callable[[], Done]) -> Done | InputError:
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


def _images(case: Case) -> Images:
    if not case.roles:
        raise no_role(case)
    return read(case)


def failed(name: str, error: InputError) -> Ended:
    """A study that could not be processed."""
    return Ended(failed_row(name, error.code, error.message, error.remedy), False, {})


def no_role(case: Case) -> InputError:
    """Why no series of the case has a role: not MR at all, or nothing that fits."""
    modalities = {series.acquisition.shown_modality for series in case.study.series}
    if modalities and "MR" not in modalities:
        return InputError(Code.NOT_MR, f"The study is {', '.join(sorted(modalities))}, not MR.")
    notes = "; ".join(case.notes)
    return InputError(Code.NO_ROLE, notes or f"None of {len(case.study.series)} series has a role.")
