"""What becomes of a promotion that broke off: the next call finishes it.

It is finished and not undone, because whoever started it was entitled to, and its entry may
already be where others have read it. Only a claim whose entry no longer follows from the ledger is
dropped: it came too late, and had done nothing yet.

Abandoned is a claim whose process was on this machine and has ended, at once; and one that does not
go on for as long as PATIENCE while somebody watches. No clocks are compared. A process that was
merely slow finds the same steps done, and that they are done twice is harmless.
"""

from __future__ import annotations

import time

from pipeline.errors import PromotionUnderWayError
from pipeline.promote.steps import Work, carry_out
from pipeline.versions.ledger.entry import Entry
from pipeline.versions.registry.claim import Claim, read_claim, release
from pipeline.versions.registry.mirror import last_hash
from pipeline.versions.registry.registry import Registry
from pipeline.versions.state import read_broken_off
from pipeline.workspace import Workspace

PATIENCE, GLANCE = 20.0, 0.5  # seconds
MEANWHILE = (
    "Look at `tessera history`; if you still want yours, compare with the champion there is then."
)


def settle(workspace: Workspace, registry: Registry, name: str) -> Entry | None:
    """Finish what broke off on module `name`; return its entry, None where there was nothing.

    Raises
    ------
    PromotionUnderWayError
        It did not break off: somebody is at it.
    LedgerError
        The ledger here is damaged; the claim stays for a later call.
    """
    claim = read_claim(registry, name)
    if claim is None:
        return None
    if not claim.is_dead:
        _watch(registry, claim)
    return finish(workspace, registry, claim)


def finish(workspace: Workspace, registry: Registry, claim: Claim) -> Entry | None:
    """Carry `claim` out, or drop it where its entry follows from nothing; None then."""
    entry = claim.entry
    state = read_broken_off(workspace, registry, entry)
    if entry not in state.entries and entry.previous != last_hash(state.entries):
        release(registry, claim)
        return None
    return carry_out(Work(workspace, registry, claim, state))


def _watch(registry: Registry, claim: Claim) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(GLANCE)
        if read_claim(registry, claim.entry.move.module) != claim:
            raise PromotionUnderWayError(
                f"{claim}, just now.",
                MEANWHILE,
            )
