from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.batch.manifest import write_manifest
from pipeline.batch.receipt import Receipt
from pipeline.batch.record import Ended
from pipeline.report.row import Row, Status
from pipeline.report.run import RunSummary

SUMMARY = RunSummary(datetime(2026, 1, 1, tzinfo=UTC), 2.0, "sha256:1", "1.0.0", (), 3, {})


@pytest.mark.parametrize(
    ("workers", "most"), [((), 100), ((0.0, 0.0), 100), ((900.4, 1200.4), 1200)]
)
def test_the_peak_of_memory_is_that_of_the_process_that_needed_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: tuple[float, ...], most: int
) -> None:
    monkeypatch.setattr("pipeline.batch.manifest.peak_mib", lambda: 100.0)
    rows = [Row(f"study-{n}", Status.DONE) for n in range(len(workers))]
    studies = [Ended(r, False, {}, peak) for r, peak in zip(rows, workers, strict=True)]
    write_manifest(tmp_path / "run.json", studies, SUMMARY, Receipt("sources"))
    assert json.loads((tmp_path / "run.json").read_text())["peak_memory_mib"] == most
