from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import InconclusiveError, RefusedError, UsageError
from pipeline.evaluation.decision import Decision, Outcome
from pipeline.promote.judge import judge
from pipeline.promote.request import Evidence, Override, Request
from pipeline.result import ModuleRef
from pipeline.versions.ledger.entry import Action
from pipeline.versions.registry.version import Version
from tests.promote.conftest import ANN, decided

DIGEST = "sha256:" + "a" * 64
MODULE = ModuleRef("tumour", "1.1.0", 2, DIGEST, DIGEST, DIGEST, DIGEST)
VERSION = Version(MODULE, (), {}, True, datetime(2026, 3, 1, tzinfo=UTC), "r")
ACCEPTED, UNDECIDED, REFUSED = (
    Request(VERSION, decision=decided(outcome), evidence=Evidence(candidate=DIGEST))
    for outcome in (Outcome.ACCEPT, Outcome.INCONCLUSIVE, Outcome.REFUSE)
)


def test_the_policy_decides() -> None:
    assert judge(ACCEPTED) is Action.PROMOTE
    with pytest.raises(RefusedError, match=r"refuses tumour@1\.1\.0: floor dice/whole") as refused:
        judge(REFUSED)
    with pytest.raises(InconclusiveError, match=r"0\.70 is below 0\.80, n = 9") as undecided:
        judge(UNDECIDED)
    assert (refused.value.exit_status, undecided.value.exit_status) == (3, 4)
    assert "about 40 cases" in undecided.value.remedy


def test_a_policy_that_refuses_what_it_cannot_decide_says_what_that_was() -> None:
    decision = replace(decided(Outcome.INCONCLUSIVE), outcome=Outcome.REFUSE)
    with pytest.raises(RefusedError, match=r"0\.70 is below 0\.80, n = 9") as refused:
        judge(replace(REFUSED, decision=decision))
    assert "about 40 cases in all" in refused.value.remedy


def test_a_subgroups_cases_are_not_promised_to_decide_for_all() -> None:
    (missed,) = decided(Outcome.INCONCLUSIVE).criteria
    group = replace(missed, kind="subgroup", subject="dice/whole [size = small]", cases_needed=900)
    both, alone = (Decision(Outcome.INCONCLUSIVE, c, "") for c in ((missed, group), (group,)))
    for decision, said in ((both, "about 40 cases in all"), (alone, "(add cases)")):
        with pytest.raises(InconclusiveError) as undecided:
            judge(replace(UNDECIDED, decision=decision))
        assert said in undecided.value.remedy


def test_a_challenger_needs_no_acceptance_but_may_not_be_refused() -> None:
    for request in (ACCEPTED, UNDECIDED, Request(VERSION)):
        assert judge(replace(request, alias="challenger")) is Action.SHADOW
    with pytest.raises(RefusedError):
        judge(replace(REFUSED, alias="challenger"))


@pytest.mark.parametrize("request_", [ACCEPTED, UNDECIDED, REFUSED, Request(VERSION)])
def test_an_override_is_one_whatever_the_policy_said(request_: Request) -> None:
    assert judge(replace(request_, override=ANN)) is Action.OVERRIDE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"override": Override("", "why")}, "The name is empty"),
        ({"override": Override("Ann", "  ")}, "The reason is empty"),
        ({"override": Override("Ann", "two\nlines")}, "more than one line"),
        ({"override": Override("Ann", "\ud800")}, "more than one line"),
        ({"override": Override("Ann", "x" * 1001)}, "longer than 1000"),
        ({"alias": "previous"}, "'previous' is not promoted to"),
        ({"decision": None}, "was not compared"),
        ({"evidence": Evidence(candidate="sha256:" + "0" * 64)}, "evidence is of another version"),
    ],
)
def test_what_cannot_be_judged_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        judge(replace(ACCEPTED, **change))  # type: ignore[arg-type]
    assert caught.value.remedy
