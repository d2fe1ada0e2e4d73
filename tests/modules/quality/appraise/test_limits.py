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


def test_what_limits_cost_is_told(code, limits, trials, fitted):
    told = list(limits.costs([(trial, fitted) for trial in trials], fitted))
    assert len(told) == 7
    severe = [trial for trial in trials if trial.severities.get("noise", 0) >= 0.8]
    failing = code("judge.verdict").failing
    fail = sum("noise" in failing(trial.judged(fitted), fitted) for trial in severe)
    assert fail > 0
    assert told[1] == (
        f"noise: of n={len(severe)} severe {fail} fail; of n=200 clean 0 are warned of (nobody's)"
    )


def test_what_is_no_brain_mri_is_not_clean(limits, trials, fitted):
    """Phantoms are never clean, however noisy they look."""
    noisy = [trial for trial in trials if trial.severities.get("noise", 0) >= 0.8]
    phantoms = [replace(trial, severities={}, foreign=True) for trial in noisy]
    with_them = limits.limits((trial, fitted) for trial in (*trials, *phantoms))
    without = limits.limits((trial, fitted) for trial in trials)
    assert with_them["noise_warn"] == without["noise_warn"]


@pytest.mark.parametrize(("count", "warned"), [(10, 0), (50, 1), (328, 6)])
def test_no_more_clean_series_are_warned_of_than_may_be(limits, trials, fitted, count, warned):
    """All clean series look as the severe ones do: some must be borne, not one too many."""
    severe = [trial for trial in trials if trial.severities.get("noise", 0) >= 0.8]
    clean = [replace(severe[n % len(severe)], severities={}) for n in range(count)]
    noise = [trial.evidence["noise_level"] for trial in severe]
    clean = [
        replace(one, evidence=one.evidence | {"noise_level": max(noise) + n / count})
        for n, one in enumerate(clean)
    ]
    found = limits.limits((trial, fitted) for trial in (*severe, *clean))
    above = [one.judged(fitted)["noise"].chance >= found["noise_warn"] for one in clean]
    assert sum(above) <= warned


def test_the_next_persons_worst_series_may_be_a_little_worse(limits, trials, fitted):
    """Where no severe one would be missed, the threshold's odds are half as high again."""
    clean = [trial for trial in trials if not trial.severities]
    doubtful = replace(clean[0], evidence=clean[0].evidence | {"noise_level": 2.6})
    chance = doubtful.judged(fitted)["noise"].chance
    assert 0.3 < chance < 0.9
    severe = [replace(t, evidence=t.evidence | {"noise_level": 9.0}) for t in trials[::3]]
    found = limits.limits((trial, fitted) for trial in (*clean, doubtful, *severe))["noise_warn"]
    assert found / (1 - found) == pytest.approx(1.5 * chance / (1 - chance))
