from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest


@pytest.fixture
def limits(code):
    return code("appraise.limits")


def test_few_clean_series_are_warned_of_and_nearly_all_severe_ones_fail(code, trials, fitted):
    verdict = code("judge.verdict")
    clean = [t.judged(fitted) for t in trials if not t.severities]
    severe = [t.judged(fitted) for t in trials if t.severities.get("noise", 0) >= 0.8]
    assert np.mean(["noise" in verdict.warning(j, fitted) for j in clean]) <= 0.03
    assert np.mean(["noise" in verdict.failing(j, fitted) for j in severe]) >= 0.9


@pytest.mark.parametrize("mistaken", [2, 20])
def test_a_few_series_that_only_pass_for_clean_do_not_hide_the_severe_ones(
    limits, trials, fitted, mistaken
):
    severe = [trial for trial in trials if trial.severities.get("noise", 0) >= 0.8]
    clean = [trial for trial in trials if not trial.severities]
    doubtful = [replace(severe[n % len(severe)], severities={}) for n in range(mistaken)]
    found = limits.limits((trial, fitted) for trial in (*trials, *doubtful))
    chances = [trial.judged(fitted)["noise"].chance for trial in severe]
    missed = sum(chance < found["noise_warn"] for chance in chances)
    borne = int(limits.MISSED * len(severe))
    if mistaken / (len(clean) + mistaken) < limits.ALARMED:
        assert missed <= borne
    else:
        assert missed > borne, "so many clean series are not to be warned of"
    alarmed = [trial.judged(fitted)["noise"].chance >= found["noise_warn"] for trial in clean]
    assert not any(alarmed)


def test_what_nobody_showed_gets_no_threshold_near_zero(fitted):
    assert fitted["blur_warn"] >= 0.2
    assert fitted["blur_fail"] >= 0.5


def test_what_limits_cost_is_told(limits, trials, fitted):
    told = list(limits.costs([(trial, fitted) for trial in trials], fitted))
    assert len(told) == 7
    assert told[1].startswith("noise: of n=")
    assert told[1].endswith("of n=200 clean 0 are warned of (nobody's)")
