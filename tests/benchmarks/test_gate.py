from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gate import ALPHA, simulate
from benchmarks.populations import POPULATIONS, Population
from pipeline.evaluate.statistics.bound import lower_bound
from pipeline.evaluation.decision import Outcome
from pipeline.promote.decide.decide import decide
from tests.promote.decide.policies import dice_moved, policy

PROMISED = [population for population in POPULATIONS if population.promised]


@pytest.mark.parametrize("number", [8, 12])
@pytest.mark.parametrize("population", PROMISED, ids=lambda p: p.name)
def test_a_candidate_at_the_margin_passes_at_most_as_often_as_promised(
    population: Population, number: int
) -> None:
    rates = simulate(population, number, cohorts=1000)
    assert rates.false_pass <= ALPHA + rates.error
    assert list(rates.power) == sorted(rates.power)
    assert rates.power[-1] > 0.6


def test_the_rates_tell_a_bound_that_is_too_bold() -> None:
    skewed = simulate(PROMISED[1], 8, cohorts=1000)
    assert skewed.student > 2 * ALPHA


def test_the_simulation_counts_what_decide_decides() -> None:
    drawn = PROMISED[1].draw(np.random.default_rng(11), (40, 8))
    asked = policy(margins={"dice/whole": 0.02})
    passed = lower_bound(drawn * 0.01, ALPHA) >= -0.02
    decided = [decide(dice_moved(list(row * 0.01)), asked).outcome for row in drawn]
    assert [outcome is Outcome.ACCEPT for outcome in decided] == list(passed)
    assert 0 < passed.sum() < 40
