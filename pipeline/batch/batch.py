"""Run all studies of a folder: one broken study never stops the others, finished ones are kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pipeline
from pipeline.batch.folder import prepare
from pipeline.batch.manifest import write_manifest
from pipeline.batch.record import Ended, ended_from
from pipeline.batch.request import finished, request
from pipeline.batch.setting import Setting
from pipeline.batch.write import write_study
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError
from pipeline.report.cohort import write_index
from pipeline.report.row import Row, RunSummary, Status, failed_row, row_of
from pipeline.report.sheet import write_csv
from pipeline.run.pseudonym import pseudonym
from pipeline.study import Case, Scan


class Watch(Protocol):
    """Who is told how far the batch has come."""

    def scanned(self, found: Scan) -> None:
        """All headers are read."""

    def started(self, name: str) -> None:
        """A study begins."""

    def done(self, row: Row, resumed: bool) -> None:
        """A study ended; `resumed` where an earlier run had finished it."""


@dataclass(frozen=True)
class Done:
    """A batch that came to its end."""

    rows: tuple[Row, ...]
    summary: RunSummary
    resumed: int

    @property
    def exit_status(self) -> int:
        """0 where every study was done, 5 where some were not."""
        return 0 if all(row.status is not Status.FAILED for row in self.rows) else 5


def run_batch(paths: Sequence[Path], out: Path, setting: Setting, watch: Watch) -> Done:
    """Scan, run every study, and write what was found.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Folders or files to read.
    out : pathlib.Path
        Where results go; a study already there from the same files, lock and settings is kept.
    setting : Setting
        The workspace, opened and verified.
    watch : Watch
        Told of progress.

    Raises
    ------
    OutputError
        `out` cannot be written.
    InputError
        EMPTY, where `paths` hold no file.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    prepare(out)
    found = scan(paths)
    if not found.found:
        raise InputError(Code.EMPTY, "There is no file in what was named.")
    watch.scanned(found)
    studies: list[Ended] = []
    try:
        for study in found.studies:
            case = assign(study, setting.settings.roles)
            studies.append(_study(case, out, setting, watch))
    finally:
        # An interrupted batch still says what it finished.
        summary = RunSummary(
            started=started,
            seconds=time.perf_counter() - clock,
            lock=setting.lock,
            pipeline=pipeline.__version__,
            modules=tuple(setting.shelf.refs[name] for name in setting.shelf.order),
            files=found.found,
            left_out=_count(found),
        )
        rows = tuple(study.row for study in studies)
        write_csv(out / "cases.csv", rows)
        write_index(out / "index.html", rows, summary)
        write_manifest(out / "run.json", studies, summary)
    return Done(rows, summary, sum(study.resumed for study in studies))


def _study(case: Case, out: Path, setting: Setting, watch: Watch) -> Ended:
    name = pseudonym(case.study.uid, setting.site_key)
    wanted = request(case, setting.lock, setting.intent)
    record = finished(out / name, wanted)
    if record is None:
        watch.started(name)
        ended = _run(case, name, out, setting, wanted)
    else:
        ended = ended_from(record)
    watch.done(ended.row, ended.resumed)
    return ended


def _run(case: Case, name: str, out: Path, setting: Setting, wanted: str) -> Ended:
    try:
        if not case.roles:
            raise no_role(case)
        result = setting.runner.run(case, name)
        row = row_of(result)
        started = time.perf_counter()
        write_study(out / name, result, row, wanted)
        seconds = {**result.seconds, "write": time.perf_counter() - started}
        return Ended(row, False, seconds)
    except InputError as error:
        return Ended(failed_row(name, error.code, error.message, error.remedy), False, {})


def no_role(case: Case) -> InputError:
    """Why no series of the case has a role: not MR at all, or nothing that fits."""
    modalities = {series.acquisition.modality for series in case.study.series}
    if modalities and "MR" not in modalities:
        return InputError(Code.NOT_MR, f"The study is {', '.join(sorted(modalities))}, not MR.")
    notes = "; ".join(case.notes)
    return InputError(Code.NO_ROLE, notes or f"None of {len(case.study.series)} series has a role.")


def _count(found: Scan) -> dict[Code, int]:
    counts: dict[Code, int] = {}
    for left in found.left_out:
        counts[left.code] = counts.get(left.code, 0) + 1
    return counts
