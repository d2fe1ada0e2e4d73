"""One line of the ledger: an alias moved, by whom, on what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.config import CHAMPION
from pipeline.evaluation.decision import Outcome

CHALLENGER = "challenger"
PREVIOUS = "previous"
ALIASES = frozenset({CHAMPION, CHALLENGER, PREVIOUS})


class Action(StrEnum):
    """What was done: by the policy, back to the former champion, against the policy, on trial."""

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    OVERRIDE = "override"
    SHADOW = "shadow"


@dataclass(frozen=True)
class Release:
    """A version by number and by content; MLflow's own number differs from store to store."""

    version: str
    digest: str


@dataclass(frozen=True)
class Move:
    """What somebody wants recorded, before it has its place in a chain.

    Attributes
    ----------
    action, module, alias : Action, str, str
        What is done; the alias is ``champion`` or ``challenger``.
    before, after : Release or None, Release
        Whom the alias named, None for nobody, and whom it names now.
    lock, policy, cohort : str
        Digests of what the evidence was gathered with; empty where there was none.
    runs : tuple of str
        MLflow runs that hold the evidence.
    outcome : Outcome or None
        What the policy came to; None where none was asked.
    actor, reason : str
        Who, and why where a person decided.
    left_out : tuple of str
        Cohorts of the module that nobody looked at, because they could not be read.
    not_judged : tuple of str
        Cohorts of the module that were not asked for, and "MODULE on COHORT" of modules below it
        that were not run with it.
    """

    action: Action
    module: str
    alias: str
    before: Release | None
    after: Release
    lock: str = ""
    policy: str = ""
    cohort: str = ""
    runs: tuple[str, ...] = ()
    outcome: Outcome | None = None
    actor: str = ""
    reason: str = ""
    left_out: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A move in its place.

    Attributes
    ----------
    sequence : int
        From 1, counted for each module.
    time : datetime
        In UTC, to the millisecond.
    move : Move
        What was done.
    previous : str
        Hash of the module's entry before this one; empty for the first.
    hash : str
        ``sha256:`` and the digest of the line without this field.
    """

    sequence: int
    time: datetime
    move: Move
    previous: str
    hash: str
