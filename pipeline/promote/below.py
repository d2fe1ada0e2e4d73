"""What a candidate makes of the modules below it, which are fed by it and have not changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.upgrade.plan import Action
from pipeline.evaluate.upgrade.upgrade import prepare_upgrade
from pipeline.evaluate.validate import policy_digest, recorded
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Decision, Outcome
from pipeline.promote.weigh import SEVERITY, judged
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

# What a module misses by itself, or costs, is no fault of what feeds it.
OF_ITSELF = {"floor", "budget"}


@dataclass(frozen=True)
class Below:
    """The modules that look at a candidate's.

    Attributes
    ----------
    comparisons : tuple of Comparison
        Each of them fed by the candidate against fed by the champion.
    unseen : tuple of str
        "MODULE on COHORT" where no evaluation of that is recorded as files, policy, Tessera and
        runtime are now.
    """

    comparisons: tuple[Comparison, ...] = ()
    unseen: tuple[str, ...] = ()


def below(workspace: Workspace, champion: Version, candidate: Version) -> Below:
    """Look up what `tessera upgrade` has recorded of the modules below; nothing is run.

    Raises
    ------
    LockError
        The files of a module are not those that were registered.
    """
    registry = ensure(workspace)
    found: list[Comparison] = []
    unseen: list[str] = []
    for line in prepare_upgrade(workspace, candidate).having(Action.WHERE_CHANGED):
        dependent = registry.version(line.module.name, line.module.version)
        for name in line.cohorts:
            comparison = _recorded(workspace, dependent, (champion, candidate), name)
            if comparison is None:
                unseen.append(f"{line.module.name} on {name}")
            else:
                found.append(comparison)
    return Below(tuple(found), tuple(unseen))


def judged_below(workspace: Workspace, found: Comparison) -> Decision | None:
    """What the policy of a module below says of the change of what feeds it; None without one.

    Floors and budgets ask what the module is by itself, so they are left out.
    """
    decision = judged(workspace, found)
    if decision is None:
        return None
    criteria = tuple(c for c in decision.criteria if c.kind not in OF_ITSELF)
    told = (criterion.outcome for criterion in criteria)
    severest = max(told, key=SEVERITY.index, default=Outcome.ACCEPT)
    return Decision(severest, criteria, decision.policy)


def with_those_below(
    workspace: Workspace, decision: Decision, found: Sequence[Comparison]
) -> Decision:
    """Refuse what the policy of a module below refuses; what that cannot decide is only said."""
    outcome, criteria = decision.outcome, list(decision.criteria)
    for comparison in found:
        said = judged_below(workspace, comparison)
        if said is None:
            continue
        side = comparison.candidate
        where = f"{side.module.name} below, on {side.cohort}"
        criteria += [replace(c, subject=f"{c.subject} of {where}") for c in said.criteria]
        if said.outcome is Outcome.REFUSE:
            outcome = Outcome.REFUSE
    return Decision(outcome, tuple(criteria), decision.policy)


def _recorded(
    workspace: Workspace, dependent: Version, fed: tuple[Version, Version], name: str
) -> Comparison | None:
    cohort = read_cohort(workspace, name)
    stages = (set_stage(workspace, dependent, {v.module.name: v}) for v in fed)
    before, after = (recorded(workspace, dependent, cohort, stage) for stage in stages)
    if before is None or after is None:
        return None
    if after.policy != policy_digest(workspace, dependent.module.name):
        return None
    return compare(before, after)
