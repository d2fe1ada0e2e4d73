"""run.json: what ran, with which versions, on what machine, and how it ended."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.batch.receipt import Receipt
from pipeline.batch.record import Ended
from pipeline.report.run import RunSummary
from pipeline.report.write import write_whole
from pipeline.run.memory import peak_mib
from pipeline.versions.environment import environment

SCHEMA = 1


def write_manifest(
    path: Path, studies: Sequence[Ended], summary: RunSummary, receipt: Receipt
) -> None:
    """Write the run's record.

    Parameters
    ----------
    path : pathlib.Path
        OUT/run.json.
    studies : sequence of Ended
        In the batch's order.
    summary : RunSummary
        The run as a whole.
    receipt : Receipt
        By which the next run knows that nothing has changed.
    """
    rows = [study.row for study in studies]
    record = {
        "schema": SCHEMA,
        "tessera": summary.pipeline,
        "lock": summary.lock,
        "modules": {ref.name: asdict(ref) for ref in summary.modules},
        "libraries": dict(environment()),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "started": summary.started.isoformat(timespec="seconds"),
        "seconds": round(summary.seconds, 3),
        "peak_memory_mib": round(max([peak_mib(), *(study.peak_mib for study in studies)])),
        "sources": receipt.sources,
        "requests": dict(receipt.requests),
        "files": summary.files,
        "left_out": dict(sorted(summary.left_out.items())),
        "expected": summary.expected,
        "studies": dict(sorted(Counter(row.status for row in rows).items())),
        "resumed": sum(study.resumed for study in studies),
        "codes": dict(sorted(Counter(row.code for row in rows if row.code).items())),
        "stages": {
            study.row.pseudonym: {stage: round(spent, 3) for stage, spent in study.seconds.items()}
            for study in studies
        },
    }
    write_whole(path, json.dumps(record, indent=2) + "\n")
