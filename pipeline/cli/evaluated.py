"""Print an evaluation, and write its page where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from pipeline.cli.printed import show_lines
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.examples import examples
from pipeline.evaluate.record import to_json
from pipeline.evaluate.stage import Stage
from pipeline.evaluation.scores import CaseScore, Evaluation
from pipeline.report.comparison.evaluation import write_evaluation
from pipeline.report.comparison.lines.lines import Lines


def show(
    done: Evaluation,
    cohort: Cohort,
    tables: Sequence[Lines],
    stage_of: Callable[[CaseScore], Stage],
    out: Path | None,
    as_json: bool,
) -> None:
    """Tables, or JSON; with `out`, evaluation.html with the worst and the best case."""
    if as_json:
        typer.echo(to_json(done), nl=False)
    else:
        show_lines(tables)
        typer.echo(f"MLflow run {done.run_id}.")
    if out is not None:
        page = write_evaluation(out, done, tables, examples(done, cohort, stage_of))
        typer.echo(f"Page: {page}", err=as_json)
