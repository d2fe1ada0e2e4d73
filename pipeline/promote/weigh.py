"""What the module's policy says of comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.errors import UsageError
from pipeline.evaluate.cohort.cohort import Cohort
from pipeline.evaluate.compare.compare import compare
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import recorded, validated_otherwise
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Decision, Outcome
from pipeline.evaluation.scores import Evaluation
from pipeline.promote.decide.decide import decide
from pipeline.versions.policy.policy import Policy
from pipeline.versions.policy.read import policy_path, read_policy
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace

# The most severe word over several cohorts counts.
SEVERITY = (Outcome.ACCEPT, Outcome.INCONCLUSIVE, Outcome.REFUSE)


def judged(workspace: Workspace, found: Comparison) -> Decision | None:
    """Apply the policy of the module; None where it has none.

    Raises
    ------
    ConfigError
        The policy cannot be read, or asks for a metric that nobody computes.
    """
    path = policy_path(workspace.configs, found.candidate.module.name)
    return decide(found, read_policy(path)) if path.is_file() else None


def weigh(
    workspace: Workspace, champion: Version, candidate: Version, cohorts: Sequence[Cohort]
) -> tuple[tuple[Comparison, ...], Decision]:
    """Decide on recorded evidence alone; nothing is run.

    Parameters
    ----------
    workspace : Workspace
        Whose policy and registry count.
    champion, candidate : Version
        Today's, and the one that may go in.
    cohorts : sequence of Cohort
        Every one must be passed.

    Returns
    -------
    tuple
        The comparisons, and one decision over all of them.

    Raises
    ------
    UsageError
        No cohort, a version was not validated on one as files, Tessera, libraries and runtime are
        now, or the policy was changed after the candidate had been validated.
    ConfigError
        There is no policy.
    """
    if not cohorts:
        raise UsageError(
            f"There is no cohort to judge {candidate} on.",
            "Name one with --cohort; docs/cohorts.md shows how to write one.",
        )
    found = tuple(
        compare(*(_evidence(workspace, v, cohort) for v in (champion, candidate)))
        for cohort in cohorts
    )
    policy = read_policy(policy_path(workspace.configs, candidate.module.name))
    for comparison in found:
        _require_same_policy(comparison.candidate, policy)
    return found, together([decide(comparison, policy) for comparison in found], cohorts)


def together(decisions: Sequence[Decision], cohorts: Sequence[Cohort]) -> Decision:
    """One decision over several cohorts; each criterion says on which it was applied."""
    if len(decisions) == 1:
        return decisions[0]
    outcome = max((decision.outcome for decision in decisions), key=SEVERITY.index)
    criteria = tuple(
        replace(criterion, subject=f"{criterion.subject} on {cohort.name}")
        for decision, cohort in zip(decisions, cohorts, strict=True)
        for criterion in decision.criteria
    )
    return Decision(outcome, criteria, decisions[0].policy)


def _require_same_policy(evaluation: Evaluation, policy: Policy) -> None:
    """What a candidate must prove is said before it is judged, not after."""
    if evaluation.policy != policy.digest:
        which = f"{evaluation.module.name}@{evaluation.module.version}"
        raise UsageError(
            f"The policy was changed after {which} had been validated on {evaluation.cohort}.",
            f"Commit the policy, then run `tessera validate {which} --cohort {evaluation.cohort}`.",
        )


def _evidence(workspace: Workspace, version: Version, cohort: Cohort) -> Evaluation:
    found = recorded(workspace, version, cohort, set_stage(workspace, version))
    if found is not None:
        return found
    changed = validated_otherwise(workspace, version, cohort)
    raise UsageError(
        f"{version} was not validated on {cohort.name}"
        + (
            " as it is now: its files, what feeds the module, Tessera, a library or the runtime"
            " changed since."
            if changed
            else "."
        ),
        f"Run `tessera validate {version} --cohort {cohort.name}`.",
    )
