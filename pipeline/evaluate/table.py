"""A cohort's scores as a table, one line a case."""

from __future__ import annotations

import csv
import io
import math

from pipeline.evaluation.scores import Evaluation


def cases_csv(evaluation: Evaluation) -> str:
    """Comma-separated values with a header; undefined figures are empty."""
    metrics = sorted({metric for case in evaluation.cases for metric in case.values})
    columns = sorted({column for case in evaluation.cases for column in case.groups})
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["case", *columns, *metrics, "seconds", "memory_mib", "failure", "output"])
    for case in evaluation.cases:
        figures = [_cell(case.values.get(metric, math.nan)) for metric in metrics]
        groups = [case.groups.get(column, "") for column in columns]
        times = [_cell(case.seconds), _cell(case.memory_mib)]
        writer.writerow([case.case, *groups, *figures, *times, case.failure, case.output])
    return file.getvalue()


def _cell(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
