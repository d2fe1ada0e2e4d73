"""What is asked for, and on which evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import CHAMPION
from pipeline.evaluation.comparison import Comparison
from pipeline.evaluation.decision import Decision
from pipeline.versions.registry.version import Version


@dataclass(frozen=True)
class Override:
    """A person decides against the policy, or without one, and says why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Evidence:
    """What a decision rests on; empty texts where there was none.

    Attributes
    ----------
    reference, candidate : str
        Digests of the two versions that were compared.
    policy, cohort, lock : str
        Digests of the policy, the cohort and the lock they were compared with.
    runs : tuple of str
        MLflow runs that hold both evaluations.
    left_out : tuple of str
        Cohorts of the module that could not be read, so that nothing is known of them.
    not_judged : tuple of str
        Cohorts that were not asked for, and "MODULE on COHORT" of modules below that were not run
        with the candidate.
    """

    reference: str = ""
    candidate: str = ""
    policy: str = ""
    cohort: str = ""
    lock: str = ""
    runs: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """A promotion somebody wants.

    Attributes
    ----------
    version : Version
        As registered.
    alias : str
        ``champion``, or ``challenger`` for shadow use, which needs no acceptance yet.
    decision : Decision or None
        What the policy came to.
    evidence : Evidence
        What the decision was made from.
    override : Override or None
        Somebody who answers for it where the policy does not accept.
    """

    version: Version
    alias: str = CHAMPION
    decision: Decision | None = None
    evidence: Evidence = Evidence()
    override: Override | None = None


def evidence_of(comparisons: Sequence[Comparison], policy: str) -> Evidence:
    """Collect what identifies comparisons of one candidate with one reference.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One a cohort; at least one.
    policy : str
        Digest of the policy they were judged by.
    """
    reference, candidate = comparisons[0].reference, comparisons[0].candidate
    sides = [side for c in comparisons for side in (c.reference, c.candidate)]
    return Evidence(
        reference=reference.module.digest,
        candidate=candidate.module.digest,
        policy=policy,
        cohort=" ".join(dict.fromkeys(side.cohort_digest for side in sides)),
        lock=candidate.lock,
        runs=tuple(side.run_id for side in sides if side.run_id),
    )
