"""What a person rolled back does not become champion again on the evidence that let it in."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import CHAMPION
from pipeline.errors import UsageError
from pipeline.promote.request import Request
from pipeline.versions.ledger.entry import Action, Entry, Release
from pipeline.versions.registry.judged import last_judged
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import State, released


def require_newer_evidence(registry: Registry, state: State, request: Request) -> None:
    """Raise UsageError where `request` is of a version that was rolled back after it was judged."""
    entry = rolled_back(state.entries, released(request.version))
    if entry is None:
        return
    judged = last_judged(registry, request.version, request.evidence.runs)
    if judged is None or judged <= entry.time:
        move, day = entry.move, f"{entry.time:%Y-%m-%d}"
        raise UsageError(
            f"{request.version} was rolled back by {move.actor} on {day} ({move.reason}), and "
            "nothing was found out about it since.",
            "Validate it again, on cases that show whether that still holds, or override with a "
            "name and a reason.",
        )


def rolled_back(entries: Sequence[Entry], release: Release) -> Entry | None:
    """Return the rollback that took `release` out, None where it came back after that."""
    for entry in reversed(entries):
        move = entry.move
        if move.alias == CHAMPION and move.after == release:
            return None
        if move.action is Action.ROLLBACK and move.before == release:
            return entry
    return None
