"""What a network is shown is taken anew, whether its results are known or not."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluate.cohort.read import read_cohort
from pipeline.evaluate.listen import listen, spread
from pipeline.evaluate.stage import set_stage
from pipeline.evaluate.validate import validate
from pipeline.versions.ensure import ensure
from pipeline.workspace import Workspace
from tests.evaluate.conftest import Silent


def test_results_that_are_known_do_not_keep_it_from_looking(
    bench: Workspace, watch: Silent
) -> None:
    version, cohort = ensure(bench).version("tumour", "1.0.0"), read_cohort(bench, "tumour-balls")
    known = validate(bench, version, cohort, watch).counters
    seen = listen(set_stage(bench, version), cohort, 4, watch)
    assert known.computed["tumour"] == 4
    assert [image.shape[0] for image in seen] == [4, 4, 4, 4], "four contrasts, zero where missing"
    again = validate(bench, version, cohort, watch).counters
    assert not again.computed, "nothing of it was kept in the cache or scored"


@pytest.mark.parametrize(
    ("count", "kept"), [(1, [0]), (2, [0, 4]), (3, [0, 2, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_images_are_taken_evenly(count: int, kept: list[int]) -> None:
    seen = [np.full(1, number) for number in range(5)]
    assert [int(image[0]) for image in spread(seen, count)] == kept
