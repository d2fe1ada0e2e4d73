"""Carry an upgrade's plan out: the module against its champion, then what depends on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.bundle.contract import Contract, read_contract
from pipeline.errors import ConfigError
from pipeline.evaluate.cohort.read import cohort_names, read_cohort
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.side_by_side import compare_versions, evaluation
from pipeline.evaluate.upgrade.plan import Action, UpgradePlan, plan_upgrade
from pipeline.evaluate.watch import Watch
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.scores import Counters
from pipeline.versions.ensure import ensure, materialise
from pipeline.versions.lock import read_lock
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Upgrade:
    """What came of it.

    Attributes
    ----------
    plan : UpgradePlan
        As printed before anything ran.
    comparisons : tuple of Comparison
        The candidate against the locked version, one a cohort.
    impacts : tuple of Comparison
        Each dependent module, unchanged itself, fed by the candidate against fed by the locked
        version.
    counters : Counters
        Predictions computed and looked up for the candidate's side, by module; an untouched module
        has no computed one.
    """

    plan: UpgradePlan
    comparisons: tuple[Comparison, ...]
    impacts: tuple[Comparison, ...]
    counters: Counters


def prepare_upgrade(
    workspace: Workspace, candidate: Version, only: Iterable[str] = ()
) -> UpgradePlan:
    """Plan an upgrade on the cohorts `only` names, or on all there are.

    Raises
    ------
    UsageError
        A cohort that `only` names does not exist; others that cannot be read are noted.
    """
    registry = ensure(workspace)
    lock = read_lock(workspace.lock)
    places = {**materialise(workspace, lock), candidate.module.name: registry.fetch(candidate)}
    contracts: dict[str, Contract] = {n: read_contract(place) for n, place in places.items()}
    cohorts: dict[str, list[str]] = {}
    notes = []
    for name in tuple(only) or cohort_names(workspace):
        try:
            cohorts.setdefault(read_cohort(workspace, name).module, []).append(name)
        except ConfigError as error:
            if only:
                raise
            notes.append(f"{name}: {error.message}")
    plan = plan_upgrade(candidate.module, lock.modules, contracts, cohorts)
    return replace(plan, notes=tuple(notes))


def carry_out(workspace: Workspace, candidate: Version, plan: UpgradePlan, watch: Watch) -> Upgrade:
    """Run what the plan says and compare; whatever did not change comes from the cache."""
    registry = ensure(workspace)
    locked = {
        name: registry.version(name, ref.version)
        for name, ref in read_lock(workspace.lock).modules.items()
    }
    comparisons = [
        compare_versions(
            workspace,
            locked[line.module.name],
            candidate,
            read_cohort(workspace, cohort),
            watch,
        )
        for line in plan.having(Action.RERUN)
        for cohort in line.cohorts
        if line.module.name in locked
    ]
    impacts = [
        _impact(workspace, locked[line.module.name], candidate, cohort, watch)
        for line in plan.having(Action.WHERE_CHANGED)
        for cohort in line.cohorts
    ]
    made = (comparison.candidate.counters for comparison in (*comparisons, *impacts))
    names = [line.module.name for line in plan.lines]
    return Upgrade(plan, tuple(comparisons), tuple(impacts), _total(made, names))


def _impact(
    workspace: Workspace, dependent: Version, candidate: Version, name: str, watch: Watch
) -> Comparison:
    """One dependent module with the locked and with the candidate's output."""
    cohort = read_cohort(workspace, name)
    today = evaluation(workspace, dependent, cohort, watch)
    feeding = {candidate.module.name: candidate}
    return compare(today, evaluation(workspace, dependent, cohort, watch, feeding))


def _total(parts: Iterable[Counters], names: Iterable[str]) -> Counters:
    computed, cached = Counter(dict.fromkeys(names, 0)), Counter(dict.fromkeys(names, 0))
    for part in parts:
        computed.update(part.computed)
        cached.update(part.cached)
    return Counters(dict(computed), dict(cached))
