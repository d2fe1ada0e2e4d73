"""`tessera demo`: a cohort with known truth, the pipeline run on it, and a table of how it did."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.batch import run_batch
from pipeline.batch.setting import open_setting
from pipeline.batch.watch import Watch
from pipeline.demo.cohort import write_cohort
from pipeline.demo.cohorts import write_cohorts
from pipeline.demo.judge import Score, score
from pipeline.demo.truth import TruthCase
from pipeline.report.row import Row
from pipeline.run.pseudonym import pseudonym
from pipeline.workspace import Workspace, create, find


@dataclass(frozen=True)
class Judged:
    """One demo study: what is true of it, how it came out, and its Dice."""

    truth: TruthCase
    row: Row
    score: Score


@dataclass(frozen=True)
class Demo:
    """The demo's outcome and where its cohort report lies."""

    studies: tuple[Judged, ...]
    index: Path


def run_demo(folder: Path, watch: Watch, say: Callable[[str], None], spacing: int = 1) -> Demo:
    """Write the cohort, run the pipeline on it in a workspace of its own, judge the results.

    Parameters
    ----------
    folder : pathlib.Path
        Gets workspace/, cohort/ and results/; a second run goes on where the first stopped.
    watch : Watch
        Told of the batch's progress.
    say : callable
        Told of what comes before it.
    spacing : int
        Millimetres; coarser cohorts are quicker to write.
    """
    workspace = _workspace(folder / "workspace")
    cohort = write_cohort(
        folder / "cohort",
        progress=lambda name, number, count: say(f"writing study {number} of {count}: {name}"),
        spacing=spacing,
    )
    write_cohorts(workspace, cohort.folder, cohort.cases)
    setting = open_setting(workspace)
    done = run_batch([cohort.dicom], folder / "results", setting, watch)
    rows = {row.pseudonym: row for row in done.rows}
    judged = []
    for case in cohort.cases:
        name = pseudonym(case.study_uid, setting.site_key)
        truth, results = cohort.folder / "truth" / case.name, folder / "results" / name
        judged.append(Judged(case, rows[name], score(case, truth, results)))
    return Demo(tuple(judged), folder / "results" / "index.html")


def table_of(demo: Demo) -> list[tuple[str, ...]]:
    """A header and one line a study: expected and found verdict, volumes, Dice, reason."""
    header = (
        *("study", "folder", "quality", "expected", "tumour ml", "true ml"),
        *("Dice whole", "core", "enhancing", "Dice GM", "WM", "brain", "status"),
    )
    return [header, *(_line(judged) for judged in demo.studies)]


def _line(judged: Judged) -> tuple[str, ...]:
    truth, row = judged.truth, judged.row
    tumour, tissue = judged.score.tumour, judged.score.tissue
    return (
        truth.name,
        row.pseudonym,
        " ".join(f"{role}:{verdict}" for role, verdict in row.verdicts.items()),
        truth.verdict.value,
        _figure(row.volumes_ml.whole_tumour, 1),
        _figure(truth.tumour_ml.whole, 1),
        *(_figure(tumour[region], 2) for region in ("whole", "core", "enhancing")),
        *(_figure(tissue[region], 2) for region in ("GM", "WM", "brain")),
        f"{row.status.value} {row.code or ''}".strip(),
    )


def _figure(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _workspace(folder: Path) -> Workspace:
    return find(folder) if (folder / "configs").is_dir() else create(folder)
