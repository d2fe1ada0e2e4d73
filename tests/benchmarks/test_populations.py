from __future__ import annotations

import numpy as np
import pytest

from benchmarks.populations import POPULATIONS, Population


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda p: p.name)
def test_differences_have_mean_nought_and_spread_one(population: Population) -> None:
    drawn = population.draw(np.random.default_rng(0), (1000, 1000))
    assert drawn.mean() == pytest.approx(0.0, abs=0.01)
    # t(3) has no fourth moment: its spread settles slowly.
    assert drawn.std() == pytest.approx(1.0, abs=0.1)
