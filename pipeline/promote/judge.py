"""Whether a promotion may be done: decided purely, before anything moves."""

from __future__ import annotations

from pipeline.config import CHAMPION
from pipeline.errors import InconclusiveError, RefusedError, UsageError
from pipeline.evaluation.decision import Criterion, Decision, Outcome
from pipeline.promote.decide import subgroup
from pipeline.promote.person import LONGEST_NAME, LONGEST_REASON, require_text, user
from pipeline.promote.request import Request
from pipeline.versions.ledger.entry import CHALLENGER, Action


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
        missed = _why(decision, Outcome.REFUSE)
        # A policy may refuse what it cannot decide; then no criterion was missed.
        why = missed or _why(decision, Outcome.INCONCLUSIVE)
        remedy = "Improve the module, or override with a name and a reason."
        raise RefusedError(
            f"The policy refuses {subject}: {why}", remedy if missed else _more(decision)
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
    # A subgroup's number is of its own cases, not of all.
    whole = [c for c in decision.criteria if c.kind != subgroup.KIND]
    needed = [c.cases_needed for c in whole if c.cases_needed is not None]
    cases = f"about {max(needed)} cases in all would decide" if needed else "add cases"
    return f"Validate on a larger cohort ({cases}), or run it beside the champion with --shadow."
