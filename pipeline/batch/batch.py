"""Run all studies of a folder: one broken study never stops the others, finished ones are kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pipeline
from pipeline.batch.engines.engine import Engine
from pipeline.batch.engines.here import Here
from pipeline.batch.folder import discard, held
from pipeline.batch.manifest import write_manifest
from pipeline.batch.receipt import Receipt, kept_studies, read_receipt, sources_digest
from pipeline.batch.record import Ended, ended_from
from pipeline.batch.request import answers, finished, request
from pipeline.batch.setting import Setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.batch.watch import Watch
from pipeline.dicom.read.scan import scan
from pipeline.dicom.roles.assign import assign
from pipeline.errors import Code, InputError, UsageError
from pipeline.report.cohort import write_index
from pipeline.report.row import Row, RunSummary, Status
from pipeline.report.sheet import write_csv
from pipeline.run.pseudonym import PREFIX, pseudonym
from pipeline.study import Scan, Study

MANIFEST = "run.json"


@dataclass(frozen=True)
class Done:
    """A batch that came to its end.

    Attributes
    ----------
    rows : tuple of Row
        Its studies.
    summary : RunSummary
        The run as a whole.
    resumed : int
        Studies that an earlier run had finished.
    strays : int
        Folders of studies that were not in this run's input; an earlier run's.
    """

    rows: tuple[Row, ...]
    summary: RunSummary
    resumed: int
    strays: int = 0

    @property
    def exit_status(self) -> int:
        """0 where every study was done, 5 where some were not."""
        return 0 if all(row.status is not Status.FAILED for row in self.rows) else 5


def run_batch(
    paths: Sequence[Path], out: Path, setting: Setting, watch: Watch, engine: Engine | None = None
) -> Done:
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
    engine : Engine, optional
        Who does the studies; this process where left out.

    Raises
    ------
    OutputError
        `out` cannot be written, or another run writes there.
    InputError
        EMPTY, where `paths` hold no image.
    """
    with held(out):
        return _run(paths, out, setting, watch, engine or Here(Bench(setting, out)))


def _run(paths: Sequence[Path], out: Path, setting: Setting, watch: Watch, engine: Engine) -> Done:
    started, clock = datetime.now(UTC), time.perf_counter()
    sources = sources_digest(paths, setting.site_key, setting.lock, setting.intent)
    receipt = read_receipt(out / MANIFEST, sources)
    kept = kept_studies(out, receipt) if receipt else ()
    if receipt and kept:
        ends: Iterator[tuple[int, Ended]] = enumerate(kept)
    else:
        receipt, tasks = _look(paths, sources, setting)
        ends = _ends(tasks, out, engine, watch)
    watch.scanned(receipt)
    studies: dict[int, Ended] = {}
    begun = True
    try:
        for number, ended in ends:
            studies[number] = ended
            watch.done(ended.row, ended.resumed)
    except UsageError:  # the engine did not start: what earlier runs wrote still holds
        begun = False
        raise
    finally:
        summary = RunSummary(
            started=started,
            seconds=time.perf_counter() - clock,
            lock=setting.lock,
            pipeline=pipeline.__version__,
            modules=tuple(setting.shelf.refs[name] for name in setting.shelf.order),
            files=receipt.files,
            expected=len(receipt.requests),
            left_out=receipt.left_out,
        )
        in_order = [studies[number] for number in sorted(studies)]
        rows = tuple(study.row for study in in_order)
        # An interrupted batch still says what it finished.
        if begun:
            write_csv(out / "cases.csv", rows)
            write_index(out / "index.html", rows, summary)
            write_manifest(out / MANIFEST, in_order, summary, receipt)
    strays = len({path.name for path in out.glob(f"{PREFIX}*")} - receipt.requests.keys())
    return Done(rows, summary, sum(study.resumed for study in in_order), strays)


def _look(paths: Sequence[Path], sources: str, setting: Setting) -> tuple[Receipt, Sequence[Task]]:
    """Read all headers and see what there is to do."""
    found = scan(paths)
    if not found.studies:
        raise InputError(Code.EMPTY, found.why_empty)
    tasks = [_task(number, study, setting) for number, study in enumerate(found.studies)]
    requests = {task.name: task.wanted for task in tasks}
    return Receipt(sources, requests, found.found, _count(found)), tasks


def _task(number: int, study: Study, setting: Setting) -> Task:
    case = assign(study, setting.settings.roles)
    name = pseudonym(study.uid, setting.site_key)
    return Task(number, case, name, request(case, setting.lock, setting.intent))


def _ends(
    tasks: Sequence[Task], out: Path, engine: Engine, watch: Watch
) -> Iterator[tuple[int, Ended]]:
    """Each study's number and how it ended: finished ones at once, the others as they end."""
    todo: list[Task] = []
    for task in tasks:
        record = finished(out / task.name, task.wanted)
        if record is None:
            todo.append(task)
        else:
            yield task.number, ended_from(record)
    if todo:
        watch.started(todo[0].name)
    for task, ended in engine.run(todo):
        failed = ended.row.status is Status.FAILED
        # What another lock, setting or file gave must not lie there as if it were today's.
        if failed and not answers(out / task.name, task.wanted):
            discard(out / task.name)
        yield task.number, ended


def _count(found: Scan) -> dict[Code, int]:
    counts: dict[Code, int] = {}
    for left in found.left_out:
        counts[left.code] = counts.get(left.code, 0) + 1
    return counts
