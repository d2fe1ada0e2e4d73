from __future__ import annotations

from datetime import UTC, datetime

from pipeline.evaluation.decision import Outcome
from pipeline.versions.ledger.chain import chained
from pipeline.versions.ledger.entry import Action, Entry, Move, Release
from pipeline.versions.ledger.line import render

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)


def release(number: int) -> Release:
    return Release(f"1.{number}.0", f"sha256:{number:064x}")


def promotion(module: str, number: int, **more: object) -> Move:
    """From 1.<number>.0 to the next."""
    facts: dict[str, object] = {
        "action": Action.PROMOTE,
        "alias": "champion",
        "before": release(number),
        "after": release(number + 1),
        "outcome": Outcome.ACCEPT,
        "actor": "räumer",
        "runs": ("f" * 32,),
    }
    return Move(module=module, **{**facts, **more})  # type: ignore[arg-type]


def entries(modules: str, since: int = 0, **more: object) -> tuple[Entry, ...]:
    """One entry a letter, ``"tut"`` promotes t, u and t again; those `since` a place say `more`."""
    last: dict[str, Entry] = {}
    made = []
    for place, module in enumerate(modules):
        before = last.get(module)
        number = before.sequence if before else 0
        move = promotion(module, number, **(more if place >= since else {}))
        last[module] = chained(move, before, NOON)
        made.append(last[module])
    return tuple(made)


def content(of: tuple[Entry, ...]) -> bytes:
    return "".join(f"{render(entry)}\n" for entry in of).encode()
