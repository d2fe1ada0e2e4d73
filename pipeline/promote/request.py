"""What is asked for, and on which evidence."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import CHAMPION
from pipeline.evaluation import Comparison, Decision
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
    """

    reference: str = ""
    candidate: str = ""
    policy: str = ""
    cohort: str = ""
    lock: str = ""
    runs: tuple[str, ...] = ()


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


def evidence_of(comparison: Comparison) -> Evidence:
    """Collect what identifies `comparison`."""
    reference, candidate = comparison.reference, comparison.candidate
    return Evidence(
        reference=reference.module.digest,
        candidate=candidate.module.digest,
        policy=candidate.policy,
        cohort=candidate.cohort_digest,
        lock=candidate.lock,
        runs=tuple(run for run in (reference.run_id, candidate.run_id) if run),
    )
