from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.evaluate.compare.compare import compare
from tests.evaluate.evaluations import evaluation, failing, scored
from tests.evaluate.statistics.test_cohort import judged

SCANNER = {"scanner": ["A"] * 8 + ["B"] * 8}
RNG = np.random.default_rng(0)
OLD = {"dice/whole": list(RNG.uniform(0.6, 0.9, 16)), "volume/whole": list(RNG.uniform(10, 90, 16))}
NEW = {
    "dice/whole": [
        d + (0.05 if i < 8 else -0.02) + i / 1000 for i, d in enumerate(OLD["dice/whole"])
    ],
    "volume/whole": [v + 1.0 for v in OLD["volume/whole"]],
}


def test_every_metric_is_paired_and_volumes_agree_or_not() -> None:
    found = compare(evaluation(scored(OLD)), evaluation(scored(NEW), "1.1.0"))
    dice, volume = found.metrics
    assert (dice.metric, dice.better, dice.wins, dice.losses) == ("dice/whole", "higher", 8, 8)
    assert (volume.metric, volume.better) == ("volume/whole", "")
    assert found.agreement[0].bias == pytest.approx(1.0)
    assert found.identical == 16
    assert found.unpaired == ()


def test_subgroups_show_what_the_mean_hides_and_share_one_error_rate() -> None:
    found = compare(evaluation(scored(OLD, SCANNER)), evaluation(scored(NEW, SCANNER), "1.1.0"))
    a, b = found.subgroups
    assert (a.column, a.value, b.value) == ("scanner", "A", "B")
    assert a.paired.difference.value > 0 > b.paired.difference.value
    assert a.p_adjusted == pytest.approx(2 * a.paired.p_value)
    assert {group.paired.metric for group in found.subgroups} == {"dice/whole"}


def test_cases_are_matched_by_name_whatever_their_order() -> None:
    shuffled = tuple(reversed(scored(NEW)))
    straight = compare(evaluation(scored(OLD)), evaluation(scored(NEW), "1.1.0"))
    turned = compare(evaluation(scored(OLD)), evaluation(shuffled, "1.1.0"))
    assert turned.metrics == straight.metrics


def test_a_case_that_fails_in_one_version_only_is_named() -> None:
    candidate = evaluation(failing(scored(NEW), "case-03", "case-05"), "1.1.0")
    reference = evaluation(failing(scored(OLD), "case-05", "case-07"))
    found = compare(reference, candidate)
    listed = {(u.case, u.metric, u.missing, u.reason) for u in found.unpaired}
    assert listed == {
        ("case-03", "", "candidate", "module_failed"),
        ("case-07", "", "reference", "module_failed"),
    }
    assert found.metrics[0].difference.n == 13


def test_a_figure_that_is_undefined_in_one_version_only_is_named() -> None:
    old = {"hd95/whole": [3.0, 4.0, math.nan]}
    new = {"hd95/whole": [3.0, math.nan, math.nan]}
    (entry,) = compare(evaluation(scored(old)), evaluation(scored(new), "1.1.0")).unpaired
    assert (entry.case, entry.metric, entry.missing) == ("case-01", "hd95/whole", "candidate")


def test_a_case_that_was_not_run_is_named() -> None:
    found = compare(evaluation(scored(OLD)), evaluation(scored(NEW)[:-1], "1.1.0"))
    assert [(u.case, u.reason) for u in found.unpaired] == [("case-15", "absent")]


def test_two_versions_that_share_no_case_have_nothing_to_compare() -> None:
    names = [f"case-{i:02}" for i in range(16)]
    found = compare(evaluation(scored(OLD)), evaluation(failing(scored(NEW), *names), "1.1.0"))
    assert found.metrics == ()
    assert len(found.unpaired) == 16


def test_chances_are_compared_over_the_whole_cohort() -> None:
    old, new = judged(seed=1), judged(seed=1)
    new["chance/noise"] = [1 - chance for chance in new["chance/noise"]]
    found = compare(
        evaluation(scored(old), name="quality"), evaluation(scored(new), "1.1.0", "quality")
    )
    by_name = {paired.metric: paired for paired in found.metrics}
    assert not any(name.startswith(("chance/", "truth/")) for name in by_name)
    assert by_name["auroc/noise"].difference.value < 0
    assert by_name["auroc/blur"].difference.value == 0.0
    assert by_name["auroc"].difference.high < 0


def test_two_modules_are_refused() -> None:
    with pytest.raises(UsageError, match="tissue and tumour are two modules"):
        compare(evaluation(scored(OLD), name="tissue"), evaluation(scored(NEW)))


def test_another_cohort_is_refused_with_the_command_that_helps() -> None:
    other = replace(evaluation(scored(NEW), "1.1.0"), cohort_digest="sha256:" + "d" * 64)
    with pytest.raises(
        UsageError, match=r"tessera validate tumour@1\.0\.0 --cohort held-out"
    ) as error:
        compare(evaluation(scored(OLD)), other)
    assert "sha256:dddd" in error.value.message


def test_a_case_named_twice_is_refused() -> None:
    twice = evaluation((*scored(OLD), scored(OLD)[0]))
    with pytest.raises(UsageError, match="names a case twice: case-00"):
        compare(twice, evaluation(scored(NEW)))


def test_false_positives_on_a_healthy_head_are_a_loss() -> None:
    nan = math.nan
    clean = {"dice/whole": [0.8, nan, nan], "volume_bias/whole": [0.1, nan, nan]}
    painted = {**clean, "dice/whole": [0.8, 0.0, nan]}
    found = compare(evaluation(scored(clean)), evaluation(scored(painted), "1.1.0"))
    dice = found.metrics[0]
    assert dice.differences == {"case-00": 0.0, "case-01": -1.0}, "case-02 is empty in both"
    assert (dice.wins, dice.losses) == (0, 1)
    assert found.unpaired == ()
