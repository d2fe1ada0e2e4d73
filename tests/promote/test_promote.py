from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import LedgerError, RefusedError, RegistryError, UsageError
from pipeline.evaluation.decision import Outcome
from pipeline.promote.promote import promote, told
from pipeline.promote.request import Request
from pipeline.promote.rollback import rollback
from pipeline.versions.ledger.entry import Action
from pipeline.versions.ledger.file import append, read_ledger
from pipeline.versions.ledger.line import render
from pipeline.versions.lock import lock_digest, read_lock
from pipeline.versions.pin import pin
from pipeline.versions.registry.claim import read_claim
from pipeline.versions.registry.evaluations import EvaluationRun
from pipeline.versions.registry.mirror import read_mirror
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace
from tests.promote.conftest import COHORT, POLICY, asked, decided


def aliases(workspace: Workspace) -> dict[str, str]:
    versions = Registry(workspace).versions("tissue")
    return {alias: v.module.version for v in versions for alias in v.aliases}


def ledger(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Action, alias and version of each entry, the same in file and mirror."""
    chain = read_ledger(workspace.ledger)
    mirror = read_mirror(Registry(workspace), "tissue")
    assert chain.faults == ()
    assert mirror.is_whole
    assert mirror.chain.entries == chain.of("tissue")
    moves = [entry.move for entry in chain.of("tissue")]
    return [(move.action.value, move.alias, move.after.version) for move in moves]


def test_a_promotion_moves_champion_keeps_previous_and_is_recorded(pinned: Workspace) -> None:
    before = pinned.lock.read_bytes()
    entry = promote(pinned, asked(pinned, "1.1.0"))
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]
    move = entry.move
    assert (move.policy, move.cohort, move.runs) == (POLICY, COHORT, ("e" * 32, "f" * 32))
    assert (move.lock, move.outcome) == (lock_digest(pinned.lock), Outcome.ACCEPT)
    assert move.actor
    version = Registry(pinned).version("tissue", "1.1.0")
    assert version.tags["validation_status"] == "passed"
    assert version.tags["promotion.entry"] == "1"
    assert pinned.lock.read_bytes() == before
    assert "`tessera lock tissue` pins it" in told(entry)
    assert pin(pinned, "tissue").lock.modules["tissue"].version == "1.1.0"
    assert read_claim(Registry(pinned), "tissue") is None


def test_cohorts_left_out_are_recorded_whatever_they_are_called(pinned: Workspace) -> None:
    request = asked(pinned, "1.1.0")
    less = replace(request.evidence, left_out=("tissue-real", "two\nlines"))
    entry = promote(pinned, replace(request, evidence=less))
    assert entry.move.left_out == ("tissue-real", r"'two\nlines'")
    assert ledger(pinned) == [("promote", "champion", "1.1.0")]


def test_what_the_policy_refuses_changes_nothing(pinned: Workspace) -> None:
    with pytest.raises(RefusedError):
        promote(pinned, replace(asked(pinned, "1.1.0"), decision=decided(Outcome.REFUSE)))
    assert aliases(pinned) == {"champion": "1.0.0"}
    assert not pinned.ledger.exists()


def test_an_override_is_recorded_as_such(pinned: Workspace) -> None:
    request = replace(asked(pinned, "1.1.0", by="Ann"), decision=decided(Outcome.REFUSE))
    move = promote(pinned, request).move
    assert (move.action, move.actor, move.reason) == (Action.OVERRIDE, "Ann", "needed for a test")
    assert move.outcome is Outcome.REFUSE
    tags = Registry(pinned).version("tissue", "1.1.0").tags
    assert (tags["validation_status"], tags["promotion.actor"]) == ("overridden", "Ann")


def test_a_challenger_leaves_the_champion_alone(pinned: Workspace) -> None:
    version = Registry(pinned).version("tissue", "1.2.0")
    entry = promote(pinned, Request(version, "challenger"))
    assert aliases(pinned) == {"champion": "1.0.0", "challenger": "1.2.0"}
    assert "--shadow tissue=1.2.0" in told(entry)
    with pytest.raises(UsageError, match="is challenger already"):
        promote(pinned, Request(version, "challenger"))
    promote(pinned, asked(pinned, "1.2.0"))
    assert aliases(pinned) == {"champion": "1.2.0", "previous": "1.0.0"}
    assert [action for action, *_ in ledger(pinned)] == ["shadow", "promote"]


def test_rollbacks_step_back(pinned: Workspace) -> None:
    for number in ("1.1.0", "1.2.0"):
        promote(pinned, asked(pinned, number))
    entry = rollback(pinned, "tissue", "worse at site B", actor="Ann")
    assert (entry.move.reason, entry.move.actor) == ("worse at site B", "Ann")
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}
    assert Registry(pinned).version("tissue", "1.2.0").tags["validation_status"] == "rolled back"
    rollback(pinned, "tissue", "worse too")
    assert aliases(pinned) == {"champion": "1.0.0"}
    assert [action for action, *_ in ledger(pinned)] == [*["promote"] * 2, *["rollback"] * 2]
    with pytest.raises(UsageError, match="no former champion"):
        rollback(pinned, "tissue", "again")


def test_a_champion_that_was_set_right_by_hand_is_rolled_back_all_the_same(
    pinned: Workspace,
) -> None:
    promote(pinned, asked(pinned, "1.1.0"))
    Registry(pinned).client.set_registered_model_alias("tessera.tissue", "champion", "1")
    entry = promote(pinned, asked(pinned, "1.1.0", by="Ann"))
    assert told(entry).startswith("tissue 1.1.0 is champion by override of Ann; entry 2")
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}
    assert rollback(pinned, "tissue", "worse").move.after.version == "1.0.0"
    assert aliases(pinned) == {"champion": "1.0.0"}


def test_what_was_promoted_twice_does_not_come_back(pinned: Workspace) -> None:
    for number in ("1.1.0", "1.2.0", "1.1.0", "1.2.0"):
        promote(pinned, asked(pinned, number))
    assert rollback(pinned, "tissue", "worse").move.after.version == "1.1.0"
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}


def test_what_was_rolled_back_needs_newer_evidence_or_an_override(pinned: Workspace) -> None:
    registry, evaluation = Registry(pinned), EvaluationRun({"cohort": "site-b"}, {}, "{}", "case")

    def judged() -> Request:
        request = asked(pinned, "1.1.0")
        runs = (registry.record(request.version, evaluation),)
        return replace(request, evidence=replace(request.evidence, runs=runs))

    former = judged()
    promote(pinned, former)
    rollback(pinned, "tissue", "worse at site B", actor="Ann")
    with pytest.raises(UsageError, match=r"rolled back by Ann on .* \(worse at site B\)") as caught:
        promote(pinned, former)
    assert "override" in caught.value.remedy
    assert aliases(pinned) == {"champion": "1.0.0"}
    promote(pinned, judged())
    rollback(pinned, "tissue", "worse still")
    promote(pinned, asked(pinned, "1.1.0", by="Eve"))
    rollback(pinned, "tissue", "and still")
    promote(pinned, asked(pinned, "1.1.0", alias="challenger"))
    assert [action for action, *_ in ledger(pinned)][-4:] == [
        *("rollback", "override", "rollback", "shadow")
    ]


@pytest.mark.parametrize("name", ["liver", "tumour"])
def test_there_is_nothing_to_roll_back_to(pinned: Workspace, name: str) -> None:
    with pytest.raises(UsageError, match="no former champion"):
        rollback(pinned, name, "why not")
    with pytest.raises(UsageError, match="reason is empty"):
        rollback(pinned, name, " ")


def test_evidence_against_a_former_champion_is_stale(pinned: Workspace) -> None:
    early = asked(pinned, "1.2.0")
    promote(pinned, asked(pinned, "1.1.0", by="Ann"))
    with pytest.raises(UsageError, match=r"champion there is now: 1\.1\.0, promoted by Ann"):
        promote(pinned, early)
    with pytest.raises(UsageError, match="is champion already"):
        promote(pinned, asked(pinned, "1.1.0"))
    assert len(ledger(pinned)) == 1


def test_nothing_builds_on_an_alias_that_was_moved_by_hand(pinned: Workspace) -> None:
    registry = Registry(pinned)
    registry.point(registry.version("tissue", "1.2.0"), "champion")
    with pytest.raises(LedgerError, match=r"is 1\.2\.0 in MLflow, and 1\.0\.0 by the ledger"):
        promote(pinned, asked(pinned, "1.1.0"))
    entry = promote(pinned, asked(pinned, "1.2.0", by="Ann"))
    assert entry.move.before is not None
    assert entry.move.before.version == "1.0.0"
    assert aliases(pinned) == {"champion": "1.2.0", "previous": "1.0.0"}


def test_nothing_builds_on_a_broken_ledger(pinned: Workspace) -> None:
    promote(pinned, asked(pinned, "1.1.0"))
    whole = pinned.ledger.read_bytes()
    pinned.ledger.write_bytes(whole[:-40])
    with pytest.raises(LedgerError, match="line 1 is not whole"):
        promote(pinned, asked(pinned, "1.2.0"))
    pinned.ledger.write_bytes(whole.replace(b'"actor":"', b'"actor":"X'))
    with pytest.raises(LedgerError, match="line 1 is not what was written"):
        rollback(pinned, "tissue", "why")
    assert aliases(pinned) == {"champion": "1.1.0", "previous": "1.0.0"}


def test_entries_that_the_file_lacks_come_from_mlflow(pinned: Workspace) -> None:
    promote(pinned, asked(pinned, "1.1.0"))
    pinned.ledger.unlink()
    promote(pinned, asked(pinned, "1.2.0"))
    assert len(ledger(pinned)) == 2


def test_entries_that_mlflow_lacks_come_from_the_file(pinned: Workspace) -> None:
    promote(pinned, asked(pinned, "1.1.0"))
    client = Registry(pinned).client
    for key in ("ledger.000001", "ledger.head"):
        client.delete_registered_model_tag("tessera.tissue", key)
    promote(pinned, asked(pinned, "1.2.0"))
    assert len(ledger(pinned)) == 2


def test_two_registries_that_tell_different_stories_are_not_mixed(pinned: Workspace) -> None:
    first = promote(pinned, asked(pinned, "1.1.0"))
    pinned.ledger.unlink()
    other = replace(first.move, actor="somebody else")
    from pipeline.versions.ledger.chain import chained

    append(pinned, [chained(other, None, first.time)])
    with pytest.raises(LedgerError, match="Entry 1 of tissue is not the same"):
        promote(pinned, asked(pinned, "1.2.0"))


def test_a_mirror_changed_by_hand_is_refused(pinned: Workspace) -> None:
    entry = promote(pinned, asked(pinned, "1.1.0"))
    line = render(entry).replace("champion", "champignon")
    Registry(pinned).client.set_registered_model_tag("tessera.tissue", "ledger.000001", line)
    with pytest.raises(LedgerError, match="mirror of tissue in MLflow was changed"):
        promote(pinned, asked(pinned, "1.2.0"))


def test_a_ledger_that_cannot_be_written_leaves_nothing_behind(pinned: Workspace) -> None:
    pinned.ledger.mkdir()
    with pytest.raises(LedgerError, match="cannot be read: Is a directory"):
        promote(pinned, asked(pinned, "1.1.0"))
    assert aliases(pinned) == {"champion": "1.0.0"}
    assert read_claim(Registry(pinned), "tissue") is None


def test_a_version_that_is_gone_is_named(pinned: Workspace) -> None:
    request = asked(pinned, "1.1.0")
    Registry(pinned).client.delete_model_version("tessera.tissue", "2")
    with pytest.raises(RegistryError, match="not registered any more"):
        promote(pinned, request)
    assert read_lock(pinned.lock).modules["tissue"].version == "1.0.0"
