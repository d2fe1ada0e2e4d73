"""No subgroup pays for the mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.errors import ConfigError
from pipeline.evaluation.comparison import Comparison, Subgroup
from pipeline.evaluation.decision import Criterion, Outcome
from pipeline.promote.decide.cases import require_cases, undefined
from pipeline.promote.decide.evidence import sign
from pipeline.promote.decide.judgement import judge
from pipeline.promote.decide.wording import change
from pipeline.versions.policy.policy import Gate, Policy

KIND = "subgroup"


def subgroups(comparison: Comparison, gate: Gate, policy: Policy) -> Iterator[Criterion]:
    """Apply one gate to every value of its column.

    A subgroup is accepted while its mean loss is within the limit: with a handful of cases a bound
    would accept none. It is refused where the loss is shown to be larger, at alpha divided by the
    number of subgroups, so that many looks refuse no good candidate; between the two it is
    undecided.

    Raises
    ------
    ConfigError
        The cohort has no such column, or the metric is one of the whole cohort.
    """
    found = [
        group
        for group in comparison.subgroups
        if group.column == gate.column and group.paired.metric == gate.metric
    ]
    require_cases(gate.metric, policy)
    columns = _columns(comparison)
    if gate.column not in columns:
        raise _no_column(gate, policy, comparison.candidate.cohort, columns)
    if not found:
        yield undefined(KIND, gate.metric, -gate.loss, comparison)
    large = [group for group in found if group.paired.difference.n >= gate.least_cases]
    shared = replace(policy, alpha=policy.alpha / max(len(large), 1), least_cases=gate.least_cases)
    for group in found:
        yield _judged(group, gate, shared) if group in large else _small(group, gate)


def _columns(comparison: Comparison) -> list[str]:
    """Columns of the cohort, of which a comparison has none where no case is in both versions."""
    cases = (*comparison.reference.cases, *comparison.candidate.cases)
    return list(dict.fromkeys(column for case in cases for column in case.groups))


def _judged(group: Subgroup, gate: Gate, policy: Policy) -> Criterion:
    turned, number = sign(group.paired.better), group.paired.difference.n
    mean = turned * group.paired.difference.value
    outcome, needed, more = Outcome.ACCEPT, None, ""
    if mean < -gate.loss:
        gained = (turned * d for d in group.paired.differences.values())
        judged = judge(gained, -gate.loss, policy)
        outcome, needed = judged.outcome, judged.needed
    if outcome is Outcome.INCONCLUSIVE:
        more = f"; chance may have done that, {needed or 'no number of'} cases would tell"
    return Criterion(
        KIND,
        _subject(group),
        mean,
        -gate.loss,
        outcome,
        f"{gate.metric} where {group.column} is {group.value}: {change(mean)} on average "
        f"(n={number}); the policy accepts {gate.loss:g} worse{more}.",
        needed,
    )


def _small(group: Subgroup, gate: Gate) -> Criterion:
    number, gain = (
        group.paired.difference.n,
        sign(group.paired.better) * group.paired.difference.value,
    )
    passed = gate.small == "pass"
    seen = f", {change(gain)} on average" if number else ""
    return Criterion(
        KIND,
        _subject(group),
        gain,
        -gate.loss,
        Outcome.ACCEPT if passed else Outcome.INCONCLUSIVE,
        f"{gate.metric} where {group.column} is {group.value}: n={number}{seen}; under "
        f"{gate.least_cases} cases it is not judged{' and let through' if passed else ''}.",
        None if passed else gate.least_cases,
    )


def _subject(group: Subgroup) -> str:
    return f"{group.paired.metric} [{group.column} = {group.value}]"


def _no_column(gate: Gate, policy: Policy, cohort: str, columns: list[str]) -> ConfigError:
    return ConfigError(
        f"policies/{policy.module}.toml gates {gate.metric} by {gate.column}, a column that cohort "
        f"{cohort} has not.",
        f"Add it to the cohort's cases, or gate by {' or '.join(columns) or 'none: it has none'}.",
    )
