"""The steps of a promotion, each harmless when done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.config import CHAMPION
from pipeline.errors import PromotionUnderWayError
from pipeline.evaluation.decision import Outcome
from pipeline.versions.ledger.entry import Action, Entry, Move, Release
from pipeline.versions.ledger.file import append
from pipeline.versions.ledger.standing import standing
from pipeline.versions.registry.claim import Claim, holds, mark, release
from pipeline.versions.registry.mirror import write_mirror
from pipeline.versions.registry.registry import Registry
from pipeline.versions.registry.version import STATUS_TAG
from pipeline.versions.state import State, first_of
from pipeline.workspace import Workspace

PASSED, OVERRIDDEN, ROLLED_BACK = "passed", "overridden", "rolled back"


@dataclass(frozen=True)
class Work:
    """A claim to carry out, and where its module stood before."""

    workspace: Workspace
    registry: Registry
    claim: Claim
    state: State

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The module's ledger with the new entry, which an earlier attempt may have written."""
        before, new = self.state.entries, self.claim.entry
        return before if new in before else (*before, new)


def carry_out(work: Work) -> Entry:
    """Do every step and give the claim up.

    Raises
    ------
    PromotionUnderWayError
        The claim was taken away, by somebody who thought this process had ended.
    """
    for name, step in STEPS:
        if not holds(work.registry, work.claim):
            raise PromotionUnderWayError(
                f"{work.claim}, and somebody else took that over before step {name!r}.",
                "`tessera history` says how it ended.",
            )
        mark(work.registry, work.claim, name)
        step(work)
    release(work.registry, work.claim)
    return work.claim.entry


def record_here(work: Work) -> None:
    """Append the entry to configs/ledger.jsonl."""
    append(work.workspace, work.entries)


def record_there(work: Work) -> None:
    """Mirror the entry in MLflow, with those it lacks."""
    write_mirror(work.registry, (*work.state.unmirrored, work.claim.entry))


def point(work: Work) -> None:
    """Move the aliases; those of champions together, challenger alone."""
    move = work.claim.entry.move
    wanted = standing((e.move for e in work.entries), first_of(work.state.versions)).aliases
    chosen = {alias: to for alias, to in wanted.items() if move.alias in (CHAMPION, alias)}
    point_all(work.registry, move.module, work.state, chosen)


def point_all(
    registry: Registry, name: str, state: State, wanted: Mapping[str, Release | None]
) -> None:
    """Let the aliases of module `name` name whom they should; None, or not registered: nobody."""
    now = registry.aliases(name)
    for alias, target in wanted.items():
        version = state.version(target)
        if version is not None and now.get(alias) != version.module.mlflow_version:
            registry.point(version, alias)
        elif version is None and alias in now:
            registry.drop(name, alias)


def tag(work: Work) -> None:
    """Say on the versions what happened to them."""
    entry = work.claim.entry
    for target, tags in (
        (entry.move.after, _tags(entry)),
        (entry.move.before, _tags_of_former(entry.move)),
    ):
        version = work.state.version(target)
        if version is not None and tags:
            work.registry.tag(version, tags)


STEPS: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("ledger", record_here),
    ("mirror", record_there),
    ("aliases", point),
    ("tags", tag),
)


def _tags(entry: Entry) -> Mapping[str, str]:
    move = entry.move
    facts = {
        "promotion.action": move.action.value,
        "promotion.entry": str(entry.sequence),
        "promotion.actor": move.actor,
        "promotion.policy": move.policy,
        "promotion.cohort": move.cohort,
        STATUS_TAG: _status(move),
    }
    return {key: value for key, value in facts.items() if value}


def _tags_of_former(move: Move) -> Mapping[str, str]:
    return {STATUS_TAG: ROLLED_BACK} if move.action is Action.ROLLBACK else {}


def _status(move: Move) -> str:
    if move.action is Action.OVERRIDE:
        return OVERRIDDEN
    if move.outcome is None:
        return ""
    return PASSED if move.outcome is Outcome.ACCEPT else move.outcome.value
