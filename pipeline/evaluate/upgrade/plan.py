"""Decide what an upgrade must run again, and say why; nothing is run here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.bundle.contract import Contract
from pipeline.result import ModuleRef
from pipeline.run.graph import dependents, order, upstream


class Action(StrEnum):
    """What becomes of a module's results."""

    RERUN = "rerun"
    WHERE_CHANGED = "rerun where its input changed"
    REUSED = "reused"


@dataclass(frozen=True)
class Line:
    """One module of the plan.

    Attributes
    ----------
    module : ModuleRef
        The version that would run.
    action : Action
        What becomes of its results.
    reason : str
        Why, in one sentence.
    cohorts : tuple of str
        Where it is validated; empty where nothing of it runs.
    """

    module: ModuleRef
    action: Action
    reason: str
    cohorts: tuple[str, ...]


@dataclass(frozen=True)
class UpgradePlan:
    """The candidate, one line a module in running order, and notes on what could not be planned."""

    candidate: ModuleRef
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    def having(self, action: Action) -> tuple[Line, ...]:
        """The lines of one action."""
        return tuple(line for line in self.lines if line.action is action)


def plan_upgrade(
    candidate: ModuleRef,
    locked: Mapping[str, ModuleRef],
    contracts: Mapping[str, Contract],
    cohorts: Mapping[str, Iterable[str]],
) -> UpgradePlan:
    """Plan from the dependency graph alone.

    Parameters
    ----------
    candidate : ModuleRef
        The version that may go in.
    locked : mapping of str to ModuleRef
        What runs today, by module.
    contracts : mapping of str to Contract
        Of the locked modules, the candidate's in its module's place.
    cohorts : mapping of str to iterable of str
        By module, the cohorts that judge it.
    """
    refs = {**locked, candidate.name: candidate}
    return UpgradePlan(candidate, tuple(_lines(candidate, refs, contracts, cohorts)))


def _lines(
    candidate: ModuleRef,
    refs: Mapping[str, ModuleRef],
    contracts: Mapping[str, Contract],
    cohorts: Mapping[str, Iterable[str]],
) -> Iterator[Line]:
    below = dependents(candidate.name, contracts)
    above = upstream(candidate.name, contracts)
    for name in order(contracts):
        judged = tuple(cohorts.get(name, ()))
        if name == candidate.name:
            yield Line(refs[name], Action.RERUN, "its version is new", judged)
        elif name in below:
            reason = f"looks at {candidate.name}; cut off on every case where that gave the same"
            yield Line(refs[name], Action.WHERE_CHANGED, reason, judged)
        elif name in above:
            reason = f"feeds {candidate.name} and has not changed"
            yield Line(refs[name], Action.REUSED, reason, ())
        else:
            yield Line(refs[name], Action.REUSED, f"does not look at {candidate.name}", ())
