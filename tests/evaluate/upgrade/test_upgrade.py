"""One module upgraded: what runs, what is reused, what is cut off; counted."""

from __future__ import annotations

import pytest

from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.upgrade.upgrade import carry_out, prepare_upgrade
from pipeline.evaluate.validate import validate
from pipeline.versions.ensure import ensure
from pipeline.versions.registry.version import Version
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent, edit_threshold


def upgrade(place: Workspace, version: Version, watch: Silent):
    return carry_out(place, version, prepare_upgrade(place, version), watch)


def test_untouched_modules_run_zero_times(
    bench: Workspace, candidate: Version, watch: Silent
) -> None:
    done = upgrade(bench, candidate, watch)
    assert done.counters.computed["quality"] == 0
    assert done.counters.computed["tissue"] == 4
    assert done.counters.computed["tumour"] == 4, "tissue's output changed on every case"
    assert [c.candidate.module.name for c in done.comparisons] == ["tissue"]
    (impact,) = done.impacts
    assert impact.reference.module == impact.candidate.module
    assert impact.reference.upstream != impact.candidate.upstream


def test_what_a_candidate_feeds_is_evidence_and_not_where_a_champion_stands(
    bench: Workspace, candidate: Version, watch: Silent
) -> None:
    registry = ensure(bench)
    validate(bench, registry.version("tumour"), read_cohort(bench, "tumour-balls"), watch)
    before = registry.version("tumour")
    stood = registry.scores(before)
    (impact,) = upgrade(bench, candidate, watch).impacts
    after = registry.version("tumour")
    assert after.tags == before.tags
    assert registry.scores(after) == stood
    assert impact.candidate.run_id not in ("", after.tags["validation.tumour-balls"])


def test_the_same_output_cuts_everything_below_off(bench: Workspace, watch: Silent) -> None:
    """Another version whose threshold no voxel lies between: the same label maps, bit for bit."""
    edit_threshold(bench, "1.0.1", 500.0000001)
    version = ensure(bench).register(bench.modules / "tissue", trust=True)
    done = upgrade(bench, version, watch)
    assert done.counters.computed["tissue"] == 4
    assert done.counters.computed["tumour"] == 0
    (comparison,), (impact,) = done.comparisons, done.impacts
    assert comparison.identical == 4
    assert impact.identical == 4


def test_a_cohort_that_cannot_be_read_is_said_not_fatal(
    bench: Workspace, candidate: Version
) -> None:
    path = bench.cohorts / "tissue-far.toml"
    text = (bench.cohorts / "tissue-balls.toml").read_text()
    path.write_text(text.replace('root = "', 'root = "${NOT_SET_ANYWHERE}'))
    plan = prepare_upgrade(bench, candidate)
    assert len(plan.notes) == 1
    assert "NOT_SET_ANYWHERE" in plan.notes[0]


def test_named_cohorts_only(bench: Workspace, candidate: Version, watch: Silent) -> None:
    plan = prepare_upgrade(bench, candidate, ["tissue-balls"])
    done = carry_out(bench, candidate, plan, watch)
    assert done.impacts == ()
    assert done.counters.computed["tumour"] == 0


@pytest.mark.parametrize("name", ["tissue-ball", ""])
def test_an_unknown_cohort_is_refused(bench: Workspace, candidate: Version, name: str) -> None:
    from pipeline.errors import UsageError

    with pytest.raises(UsageError, match="There is no cohort"):
        prepare_upgrade(bench, candidate, [name])
