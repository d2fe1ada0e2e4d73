"""Run all studies of a folder: one broken study never stops the others, finished ones are kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pipeline
from pipeline.batch.done import Done
from pipeline.batch.engines.engine import Engine
from pipeline.batch.engines.here import Here
from pipeline.batch.folder import discard, held
from pipeline.batch.look import look
from pipeline.batch.manifest import write_manifest
from pipeline.batch.receipt import Receipt, kept_studies, read_receipt, sources_digest
from pipeline.batch.record import Ended, ended_from
from pipeline.batch.request import answers, finished
from pipeline.batch.setting import Setting
from pipeline.batch.study import Bench
from pipeline.batch.task import Task
from pipeline.batch.watch import Watch
from pipeline.errors import UsageError
from pipeline.report.cohort import write_index
from pipeline.report.row import Status
from pipeline.report.run import RunSummary
from pipeline.report.sheet import write_csv
from pipeline.run.pseudonym import PREFIX

MANIFEST = "run.json"


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
        receipt, tasks = look(paths, sources, setting)
        ends = _ends(tasks, out, engine, watch)
    watch.scanned(receipt)
    studies: dict[int, Ended] = {}
    begun = True
    try:
        for number, ended in ends:
            studies[number] = ended
            watch.done(ended.row, ended.resumed)
    except UsageError:  # where the engine did not start, what earlier runs wrote still holds
        begun = any(not study.resumed for study in studies.values())
        raise
    finally:
        in_order = [studies[number] for number in sorted(studies)]
        summary = _summary(setting, receipt, started, time.perf_counter() - clock)
        if begun:  # an interrupted batch still says what it finished
            _write(out, in_order, summary, receipt)
    rows = tuple(study.row for study in in_order)
    strays = len({path.name for path in out.glob(f"{PREFIX}*")} - receipt.requests.keys())
    return Done(rows, summary, sum(study.resumed for study in in_order), strays)


def _summary(setting: Setting, receipt: Receipt, started: datetime, seconds: float) -> RunSummary:
    return RunSummary(
        started=started,
        seconds=seconds,
        lock=setting.lock,
        pipeline=pipeline.__version__,
        modules=tuple(setting.shelf.refs[name] for name in setting.shelf.order),
        files=receipt.files,
        expected=len(receipt.requests),
        left_out=receipt.left_out,
    )


def _write(out: Path, studies: Sequence[Ended], summary: RunSummary, receipt: Receipt) -> None:
    rows = tuple(study.row for study in studies)
    write_csv(out / "cases.csv", rows)
    write_index(out / "index.html", rows, summary)
    write_manifest(out / MANIFEST, studies, summary, receipt)


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
