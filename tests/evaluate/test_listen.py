"""What a network is shown is taken anew, whether its results are known or not."""

from __future__ import annotations

from pathlib import Path

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


@pytest.mark.parametrize(("images", "looked_at"), [(1, 1), (2, 2), (3, 3), (9, 4)])
def test_no_more_images_are_taken_than_were_asked_for(
    bench: Workspace, watch: Silent, images: int, looked_at: int
) -> None:
    version, cohort = ensure(bench).version("tissue", "1.0.0"), read_cohort(bench, "tissue-balls")
    assert len(listen(set_stage(bench, version), cohort, images, watch)) == looked_at
    assert len(watch.said) == looked_at, "no case is run in vain"


def test_a_case_that_cannot_be_run_leaves_its_share_to_others(
    bench: Workspace, watch: Silent, tmp_path: Path
) -> None:
    (tmp_path / "balls" / "one" / "t1.nii.gz").write_bytes(b"broken")
    version, cohort = ensure(bench).version("tissue", "1.0.0"), read_cohort(bench, "tissue-balls")
    assert len(listen(set_stage(bench, version), cohort, 3, watch)) == 3


@pytest.mark.parametrize(
    ("count", "kept"), [(1, [0]), (2, [0, 4]), (3, [0, 2, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_images_are_taken_evenly(count: int, kept: list[int]) -> None:
    seen = [np.full(1, number) for number in range(5)]
    assert [int(image[0]) for image in spread(seen, count)] == kept
