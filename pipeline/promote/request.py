"""What is asked for, on which evidence, and whether it may be done: decided before all else."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass

from pipeline.config import CHAMPION
from pipeline.errors import InconclusiveError, RefusedError, UsageError
from pipeline.evaluation import Comparison, Criterion, Decision, Outcome
from pipeline.versions.ledger.entry import CHALLENGER, Action
from pipeline.versions.registry.version import Version

LONGEST_NAME, LONGEST_REASON = 100, 1000


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


def judge(request: Request) -> Action:
    """Say as what `request` goes into the ledger.

    Raises
    ------
    RefusedError, InconclusiveError
        The policy did not accept it, and nobody overrides.
    UsageError
        An alias that is not promoted to, no decision, evidence of another version, or an override
        without name or reason.
    """
    if request.alias not in (CHAMPION, CHALLENGER):
        raise UsageError(
            f"{request.alias!r} is not promoted to.", f"Name {CHAMPION} or {CHALLENGER}."
        )
    _require_own_evidence(request)
    if request.override:
        require_text(request.override.name, "name", LONGEST_NAME)
        require_text(request.override.reason, "reason", LONGEST_REASON)
        return Action.OVERRIDE
    _require_passed(request)
    return Action.SHADOW if request.alias == CHALLENGER else Action.PROMOTE


def actor(request: Request) -> str:
    """Return who answers for `request`: the person who overrides, else the user of this process."""
    return request.override.name if request.override else user()


def user() -> str:
    """Return the name of the user of this process, or its number where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"


def require_text(text: str, what: str, longest: int) -> None:
    """Raise UsageError unless `text` is one line with something on it."""
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise UsageError(
            f"The {what} is empty, longer than {longest} characters or more than one line.",
            f"Give a {what} that whoever reads the ledger understands; never a patient's.",
        )


def _require_own_evidence(request: Request) -> None:
    found, wanted = request.evidence.candidate, request.version.module.digest
    if found and found != wanted:
        raise UsageError(
            f"The evidence is of another version than {request.version}.",
            f"Compare {request.version} and promote it on that.",
        )


def _require_passed(request: Request) -> None:
    subject, decision = str(request.version), request.decision
    if decision is None:
        if request.alias == CHALLENGER:
            return
        raise UsageError(
            f"{subject} was not compared with the champion under a policy.",
            "Compare it first, or override with a name and a reason.",
        )
    if decision.outcome is Outcome.REFUSE:
        raise RefusedError(
            f"The policy refuses {subject}: {_why(decision, Outcome.REFUSE)}",
            "Improve the module, or override with a name and a reason.",
        )
    if decision.outcome is Outcome.INCONCLUSIVE and request.alias == CHAMPION:
        raise InconclusiveError(
            f"The policy cannot decide on {subject}: {_why(decision, Outcome.INCONCLUSIVE)}",
            _more(decision),
        )


def _why(decision: Decision, outcome: Outcome) -> str:
    found = [criterion for criterion in decision.criteria if criterion.outcome is outcome]
    return " ".join(_sentence(criterion) for criterion in found)


def _sentence(criterion: Criterion) -> str:
    return f"{criterion.kind} {criterion.subject}: {criterion.reason.rstrip('.')}."


def _more(decision: Decision) -> str:
    needed = [c.cases_needed for c in decision.criteria if c.cases_needed is not None]
    cases = f"about {max(needed)} cases in all would decide" if needed else "add cases"
    return f"Validate on a larger cohort ({cases}), or run it beside the champion with --shadow."
