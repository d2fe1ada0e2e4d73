"""Apply a policy to the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.errors import ConfigError, UsageError
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Criterion, Decision, Outcome
from pipeline.evaluation.scores import Evaluation
from pipeline.promote.decide.budget import budgets
from pipeline.promote.decide.cases import lesions, worst_case
from pipeline.promote.decide.failures import failures
from pipeline.promote.decide.floor import floor
from pipeline.promote.decide.margin import non_inferiority
from pipeline.promote.decide.subgroup import subgroups
from pipeline.versions.policy.check import check_metrics
from pipeline.versions.policy.policy import Policy


def decide(evidence: Comparison | Evaluation, policy: Policy) -> Decision:
    """Say whether a candidate may become champion; pure.

    Every criterion must be met, so a candidate that is worse than one margin passes with at most
    the chance alpha however many there are (an intersection-union test: Berger, Technometrics
    24:295, 1982).

    Parameters
    ----------
    evidence : Comparison or Evaluation
        Against the champion; or a first version's evaluation, which floors and failures decide.
    policy : Policy
        Of the same module.

    Raises
    ------
    UsageError
        The policy is another module's.
    ConfigError
        The policy asks for a metric or a column that nobody computes, a loss on single cases of a
        figure that only cohorts have, or sets no floor for a first version.
    """
    candidate = evidence if isinstance(evidence, Evaluation) else evidence.candidate
    if candidate.module.name != policy.module:
        raise UsageError(
            f"policies/{policy.module}.toml does not judge {candidate.module.name}.",
            f"Read policies/{candidate.module.name}.toml.",
        )
    _check(evidence, policy)
    criteria = tuple(_criteria(evidence, candidate, policy))
    return Decision(_overall(criteria, policy), criteria, policy.digest)


def _check(evidence: Comparison | Evaluation, policy: Policy) -> None:
    if isinstance(evidence, Evaluation):
        check_metrics(policy, evidence.summary, evidence.better)
        if not policy.floors:
            raise ConfigError(
                f"policies/{policy.module}.toml sets no floor, and there is no champion to compare "
                "a first version with.",
                "Add [floors]; docs/policy.md shows how.",
            )
        return
    computed = {**evidence.reference.summary, **evidence.candidate.summary}
    check_metrics(policy, computed, {**evidence.reference.better, **evidence.candidate.better})


def _criteria(
    evidence: Comparison | Evaluation, candidate: Evaluation, policy: Policy
) -> Iterator[Criterion]:
    yield failures(evidence, policy)
    yield from (floor(candidate, asked, policy) for asked in policy.floors)
    if isinstance(evidence, Evaluation):
        return
    yield from (non_inferiority(evidence, asked, policy) for asked in policy.margins)
    for gate in policy.subgroups:
        yield from subgroups(evidence, gate, policy)
    yield from (worst_case(evidence, asked, policy) for asked in policy.worst)
    yield from (lesions(evidence, asked, policy) for asked in policy.misses)
    yield from budgets(evidence, policy.budget)


def _overall(criteria: Iterable[Criterion], policy: Policy) -> Outcome:
    outcomes = {criterion.outcome for criterion in criteria}
    undecided = Outcome.INCONCLUSIVE in outcomes
    if Outcome.REFUSE in outcomes or (undecided and policy.inconclusive == "refuse"):
        return Outcome.REFUSE
    return Outcome.INCONCLUSIVE if undecided else Outcome.ACCEPT
