"""Write into a bundle how its weights came about."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from pipeline.report.write import write_whole
from pipeline.versions.bundles.training import CURVE, RECORD, STEP, Training


def withdraw(bundle: Path) -> None:
    """Remove the record of a training whose weights are about to be replaced."""
    (bundle / RECORD).unlink(missing_ok=True)


def write_training(bundle: Path, training: Training) -> None:
    """Write the record and the curve, each whole or not at all."""
    names = list(dict.fromkeys(name for point in training.curve for name in point.figures))
    table = io.StringIO()
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow([STEP, *names])
    for point in training.curve:
        lines.writerow([point.step, *(f"{point.figures[name]:.6g}" for name in names)])
    record = {
        "settings": dict(training.settings),
        "tags": dict(training.tags),
        "wall_seconds": round(training.wall_seconds, 1),
    }
    (bundle / "docs").mkdir(exist_ok=True)
    write_whole(bundle / CURVE, table.getvalue())
    write_whole(bundle / RECORD, json.dumps(record, indent=2) + "\n")
