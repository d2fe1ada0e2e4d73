"""What a candidate does to the module below it, by what an upgrade recorded."""

from __future__ import annotations

import pytest

from pipeline.evaluate.upgrade.upgrade import carry_out, prepare_upgrade
from pipeline.evaluation.decision import Decision, Outcome
from pipeline.promote.below import Below, below, judged_below, with_those_below
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent, bench, candidate, names  # noqa: F401

OWN = Decision(Outcome.ACCEPT, (), "sha256:" + "b" * 64)


def policy(place: Workspace, text: str) -> None:
    folder = place.configs / "policies"
    folder.mkdir(exist_ok=True)
    (folder / "tumour.toml").write_text(text)


def look(place: Workspace, version: Version) -> Below:
    return below(place, ensure(place).version("tissue"), version)


@pytest.fixture
def upgraded(bench: Workspace, candidate: Version) -> Workspace:  # noqa: F811
    policy(bench, '[worst_case]\n"dice/bright" = 1.0\n')
    carry_out(bench, candidate, prepare_upgrade(bench, candidate), Silent())
    return bench


def test_what_nobody_ran_is_named(bench: Workspace, candidate: Version) -> None:  # noqa: F811
    assert look(bench, candidate) == Below((), ("tumour on tumour-balls",))


def test_what_an_upgrade_recorded_is_found(
    upgraded: Workspace,
    candidate: Version,  # noqa: F811
) -> None:
    (found,) = look(upgraded, candidate).comparisons
    assert found.reference.module == found.candidate.module
    assert found.candidate.upstream["tissue"] == candidate.module.digest
    decision = judged_below(upgraded, found)
    assert decision is not None
    assert decision.outcome is Outcome.ACCEPT


def test_a_policy_that_was_changed_since_voids_it(
    upgraded: Workspace,
    candidate: Version,  # noqa: F811
) -> None:
    policy(upgraded, '[worst_case]\n"dice/bright" = 0.5\n')
    assert look(upgraded, candidate).unseen == ("tumour on tumour-balls",)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ('[floors]\n"dice/bright" = { least = 1.0, on = "mean" }\n', Outcome.ACCEPT),
        ('[margins]\n"dice/bright" = 0.5\n', Outcome.ACCEPT),
        ('[worst_case]\n"dice/bright" = 0.0\n', Outcome.REFUSE),
    ],
)
def test_only_what_it_loses_by_the_candidate_counts_and_only_a_refusal_refuses(
    upgraded: Workspace,
    candidate: Version,  # noqa: F811
    text: str,
    outcome: Outcome,
) -> None:
    """Four cases are fewer than a margin's bound asks for: that is told and holds nothing up."""
    found = look(upgraded, candidate).comparisons
    policy(upgraded, text)
    assert with_those_below(upgraded, OWN, found).outcome is outcome
