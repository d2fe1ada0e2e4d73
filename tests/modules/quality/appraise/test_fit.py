from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest


@pytest.fixture
def fit(code):
    return code("appraise.fit")


@pytest.fixture
def made(code):
    """Series whose noise level tells their severity, and nothing else anything."""
    trial, names = code("appraise.trial").Trial, code("judge.evidence").NAMES

    def make(count, seed):
        rng, found = np.random.default_rng(seed), []
        for number in range(count):
            severity = float(rng.uniform(0.2, 1)) if number % 3 == 0 else 0.0
            evidence = dict(zip(names, rng.normal(0, 1, len(names)).tolist(), strict=True))
            evidence["noise_level"] = 6 * severity + float(rng.normal(0, 0.3))
            evidence["qi1"] = float("nan")
            severities = {"noise": severity} if severity else {}
            found.append(trial(f"person {number % 20}", "t1", True, severities, evidence))
        return found

    return make


@pytest.fixture
def trials(made):
    return made(300, seed=0)


@pytest.fixture
def parameters(fit, trials):
    weighed = list(fit.held_out(trials))
    meant = fit.chances(weighed)
    limits = fit.limits((trial, {**found, **meant}) for trial, found in weighed)
    return fit.weights(trials) | meant | limits


def test_severity_follows_the_evidence_that_tells_it(trials, parameters):
    severe = [t for t in trials if t.severities.get("noise", 0) > 0.8]
    clean = [t for t in trials if not t.severities]
    assert np.mean([t.judged(parameters)["noise"].severity for t in severe]) > 0.75
    assert np.mean([t.judged(parameters)["noise"].severity for t in clean]) < 0.15


def test_nobody_is_weighed_by_what_was_fitted_to_them(fit, trials):
    weighed = list(fit.held_out(trials))
    assert {id(trial) for trial, _ in weighed} == {id(trial) for trial in trials}
    assert len(weighed) == len(trials)
    person = trials[0].person
    others = {id(found): found for trial, found in weighed if trial.person == person}
    (found,) = others.values()
    apart = {trial.person for trial, other in weighed if other is found}
    assert found == fit.weights([trial for trial in trials if trial.person not in apart])


def test_more_series_are_fitted_to_but_say_nothing_of_chances(fit, made):
    trials, more = made(60, seed=0), made(40, seed=1)
    weighed = list(fit.held_out(trials, more))
    assert [id(trial) for trial, _ in weighed if trial in more] == []
    for trial, found in weighed[:1]:
        apart = {one.person for one, other in weighed if other is found}
        others = [one for one in (*trials, *more) if one.person not in apart]
        assert trial.person in apart
        assert found == fit.weights(others)


def test_phantoms_are_no_one_person(fit, trials):
    made = [replace(trial, person="phantom", image=str(n)) for n, trial in enumerate(trials)]
    weighed = list(fit.held_out(made))
    assert len({id(found) for _, found in weighed}) == fit.FOLDS


@pytest.mark.parametrize("seed", [1, 2])
def test_chances_of_series_nobody_has_seen_can_be_taken_at_their_word(made, parameters, seed):
    unseen = made(3000, seed)
    chances = np.array([t.judged(parameters)["noise"].chance for t in unseen])
    truth = np.array([t.severities.get("noise", 0) >= 0.35 for t in unseen])
    assert chances.mean() == pytest.approx(truth.mean(), abs=0.02)
    assert chances[truth].mean() > 0.8 > 0.2 > chances[~truth].mean()


def test_few_clean_series_are_warned_of_and_nearly_all_severe_ones_fail(code, trials, parameters):
    verdict = code("judge.verdict")
    clean = [t.judged(parameters) for t in trials if not t.severities]
    severe = [t.judged(parameters) for t in trials if t.severities.get("noise", 0) >= 0.8]
    assert np.mean(["noise" in verdict.warning(j, parameters) for j in clean]) <= 0.03
    assert np.mean(["noise" in verdict.failing(j, parameters) for j in severe]) >= 0.9


@pytest.mark.parametrize("mistaken", [2, 20])
def test_a_few_series_that_only_pass_for_clean_do_not_hide_the_severe_ones(
    fit, trials, parameters, mistaken
):
    severe = [trial for trial in trials if trial.severities.get("noise", 0) >= 0.8]
    clean = [trial for trial in trials if not trial.severities]
    doubtful = [replace(severe[n % len(severe)], severities={}) for n in range(mistaken)]
    limits = fit.limits((trial, parameters) for trial in (*trials, *doubtful))
    chances = [trial.judged(parameters)["noise"].chance for trial in severe]
    missed = sum(chance < limits["noise_warn"] for chance in chances)
    borne = fit.MISSED * len(severe) + 1
    if mistaken / (len(clean) + mistaken) < fit.ALARMED:
        assert missed <= borne
    else:
        assert missed > borne, "so many clean series are not to be warned of"
    alarmed = [trial.judged(parameters)["noise"].chance >= limits["noise_warn"] for trial in clean]
    assert not any(alarmed)


def test_what_nobody_showed_gets_no_threshold_near_zero(parameters):
    assert parameters["blur_warn"] >= 0.2
    assert parameters["blur_fail"] >= 0.5
