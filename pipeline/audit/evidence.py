"""Judge whether the evaluations that the ledger names are what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.audit.finding import Finding, Kind
from pipeline.versions.ledger.entry import Entry

if TYPE_CHECKING:
    from pipeline.versions.registry.registry import Registry

CHANGED = "Validate and compare again; put another champion in if it does not hold."
UNREADABLE = "Restore the artifacts of MLflow from a backup, or validate and compare again."


def judge_evidence(registry: Registry, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Name the promotions whose evidence was changed after they were recorded, or is gone."""
    from pipeline.versions.registry.sealed import Seal, seal_of

    for entry in entries:
        for run in entry.move.runs:
            seal = seal_of(registry.client, registry.store, run)
            if seal is Seal.BROKEN:
                yield _finding(entry, run, "was changed", CHANGED)
            elif seal is Seal.UNREADABLE:
                yield _finding(entry, run, "cannot be read", UNREADABLE)


def _finding(entry: Entry, run: str, what: str, remedy: str) -> Finding:
    move = entry.move
    return Finding(
        Kind.EVIDENCE,
        f"{move.module}@{move.after.version}",
        f"The evaluation in MLflow run {run}, which entry {entry.sequence} of its ledger rests on, "
        f"{what}.",
        remedy,
    )
