"""What is done to one study: fetch its images, compute, write; each step can wait for the next."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.batch.record import Ended
from pipeline.batch.setting import Setting
from pipeline.batch.task import Task
from pipeline.batch.write import write_study
from pipeline.errors import Code, InputError
from pipeline.report.row import failed_row, row_of
from pipeline.result import CaseResult
from pipeline.run.prepare import Images, read
from pipeline.study import Case


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
        try:
            if not task.case.roles:
                raise no_role(task.case)
            images: Images | InputError = read(task.case)
        except InputError as error:
            images = error
        return Fetched(task, images, time.perf_counter() - started)

    def compute(self, fetched: Fetched) -> Computed:
        """Run the modules."""
        if isinstance(fetched.images, InputError):
            return Computed(fetched.task, fetched.images)
        task = fetched.task
        try:
            result = self.setting.runner.run(task.case, task.name, fetched.images)
        except InputError as error:
            return Computed(task, error)
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
        try:
            row = row_of(result)
            write_study(self.out / task.name, result, row, task.wanted)
        except InputError as error:
            return task, failed(task.name, error)
        seconds: Mapping[str, float] = {
            **result.seconds,
            "write": time.perf_counter() - started,
        }
        return task, Ended(row, False, seconds)

    def process(self, task: Task) -> Ended:
        """All steps, one after the other."""
        return self.finish(self.compute(self.fetch(task)))[1]


def failed(name: str, error: InputError) -> Ended:
    """A study that could not be processed."""
    return Ended(failed_row(name, error.code, error.message, error.remedy), False, {})


def no_role(case: Case) -> InputError:
    """Why no series of the case has a role: not MR at all, or nothing that fits."""
    modalities = {series.acquisition.modality for series in case.study.series}
    if modalities and "MR" not in modalities:
        return InputError(Code.NOT_MR, f"The study is {', '.join(sorted(modalities))}, not MR.")
    notes = "; ".join(case.notes)
    return InputError(Code.NO_ROLE, notes or f"None of {len(case.study.series)} series has a role.")
