"""Judge whether the evaluations that the ledger names are what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.audit.finding import Finding, Kind
from pipeline.versions.ledger.entry import Entry

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry


def judge_evidence(registry: Registry, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Name the promotions whose evidence was changed after they were recorded."""
    from pipeline.versions.registry.sealed import is_changed

    for entry in entries:
        move = entry.move
        for run in move.runs:
            if is_changed(registry.client, run):
                yield Finding(
                    Kind.EVIDENCE,
                    f"{move.module}@{move.after.version}",
                    f"The evaluation in MLflow run {run}, which entry {entry.sequence} of its "
                    "ledger rests on, was changed.",
                    "Validate and compare again; put another champion in if it does not hold.",
                )
