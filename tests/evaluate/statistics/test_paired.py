from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.statistics.paired import pair, pair_cohort, signed_rank
from tests.evaluate.evaluations import scored
from tests.evaluate.statistics.test_cohort import judged

OLD = {"a": 0.5, "b": 0.7, "c": math.nan, "d": 0.9}
NEW = {"a": 0.6, "b": 0.6, "c": 0.5, "d": 0.9}


def test_wins_ties_and_losses_follow_the_better_way() -> None:
    higher, lower = pair("dice/x", "higher", OLD, NEW), pair("hd95/x", "lower", OLD, NEW)
    assert (higher.wins, higher.ties, higher.losses) == (1, 1, 1)
    assert list(higher.differences) == ["a", "b", "d"]
    assert higher.difference.n == 3
    assert higher.difference.value == pytest.approx(0.0)
    assert (lower.wins, lower.losses) == (higher.losses, higher.wins)


def test_neither_wins_where_neither_way_is_better() -> None:
    found = pair("volume/x", "", OLD, NEW)
    assert (found.wins, found.ties, found.losses) == (0, 0, 0)
    assert found.reference == pytest.approx(0.7)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=20))
def test_swapping_the_versions_turns_everything_round(pairs: list[tuple[int, int]]) -> None:
    old, new = ({str(i): pair[k] / 100 for i, pair in enumerate(pairs)} for k in (0, 1))
    there, back = pair("dice/x", "higher", old, new), pair("dice/x", "higher", new, old)
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.difference.low == pytest.approx(-back.difference.high)
    assert (there.wins, there.ties, there.losses) == (back.losses, back.ties, back.wins)
    assert there.p_value == pytest.approx(back.p_value, nan_ok=True)


def exact(differences: np.ndarray) -> float:
    """Wilcoxon's p by walking all signs of the ranks."""
    ranks = np.argsort(np.argsort(np.abs(differences))) + 1
    signs = np.array(np.meshgrid(*[[0, 1]] * len(ranks))).reshape(len(ranks), -1)
    sums, found = ranks @ signs, ranks[differences > 0].sum()
    tail = min((sums <= found).mean(), (sums >= found).mean())
    return min(1.0, 2 * tail)


@pytest.mark.parametrize("seed", range(4))
def test_the_signed_rank_p_is_the_share_of_all_signs(seed: int) -> None:
    differences = np.random.default_rng(seed).normal(0.4, 1.0, 10)
    assert signed_rank(differences) == pytest.approx(exact(differences))
    assert signed_rank(np.append(differences, [0.0, 0.0])) == pytest.approx(exact(differences))


def test_too_few_changes_have_no_p() -> None:
    assert math.isnan(signed_rank(np.zeros(30)))
    assert math.isnan(signed_rank(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.0])))


def test_a_cohort_figure_has_no_cases_that_win() -> None:
    values = judged()
    better = {**values, "chance/noise": values["truth/noise"]}
    found = pair_cohort("auroc/noise", "higher", scored(values), scored(better))
    assert found.candidate == 1.0
    assert found.difference.value == pytest.approx(found.candidate - found.reference)
    assert found.difference.low < found.difference.value < found.difference.high
    assert found.difference.low > 0
    assert found.difference.n == 40
    assert found.differences == {}
    assert (found.wins, found.ties, found.losses) == (0, 0, 0)


def test_the_same_chances_make_no_difference() -> None:
    found = pair_cohort("calibration_error", "lower", scored(judged()), scored(judged()))
    assert found.difference.low == found.difference.value == found.difference.high == 0.0


def without(values: dict[str, list[float]], event: str, *cases: int) -> dict[str, list[float]]:
    """The same, no chance of the event given on some cases."""
    name = f"chance/{event}"
    chances = [math.nan if i in cases else chance for i, chance in enumerate(values[name])]
    return {**values, name: chances}


@pytest.mark.parametrize("metric", ["auroc/noise", "auroc", "brier"])
def test_a_chance_that_one_version_did_not_give_counts_in_neither(metric: str) -> None:
    whole, gaps = judged(), without(judged(), "noise", 3, 4, 5)
    for old, new in ((whole, gaps), (gaps, whole)):
        found = pair_cohort(metric, "higher", scored(old), scored(new))
        assert found.reference == found.candidate
        assert found.difference.value == found.difference.low == found.difference.high == 0
    assert found.difference.n == (37 if metric == "auroc/noise" else 40)


def test_an_event_that_one_version_does_not_know_is_not_compared() -> None:
    whole, less = scored(judged()), scored(without(judged(), "noise", *range(40)))
    assert math.isnan(pair_cohort("auroc/noise", "higher", whole, less).difference.value)
    blur = pair_cohort("auroc", "higher", whole, less)
    assert blur.reference == pair_cohort("auroc/blur", "higher", whole, whole).reference
