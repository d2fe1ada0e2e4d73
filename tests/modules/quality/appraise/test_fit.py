from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest


@pytest.fixture
def fit(code):
    return code("appraise.fit")


def test_severity_follows_the_evidence_that_tells_it(trials, fitted):
    severe = [t for t in trials if t.severities.get("noise", 0) > 0.8]
    clean = [t for t in trials if not t.severities]
    assert np.mean([t.judged(fitted)["noise"].severity for t in severe]) > 0.75
    assert np.mean([t.judged(fitted)["noise"].severity for t in clean]) < 0.15


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
    assert {id(trial) for trial, _ in weighed} == {id(trial) for trial in trials}
    trial, found = weighed[0]
    apart = {one.person for one, other in weighed if other is found}
    others, moved = ([t for t in some if t.person not in apart] for some in (trials, more))
    assert trial.person in apart
    assert found == fit.weights(others, moved)


def test_moved_series_teach_movement_alone(fit, made):
    plain, taught = fit.weights(made(60, seed=0)), fit.weights(made(60, seed=0), made(40, seed=1))
    changed = {name.partition("/")[0] for name in plain if plain[name] != taught[name]}
    assert changed == {"motion_ghosting"}


def test_phantoms_are_no_one_person(fit, trials):
    made = [replace(trial, person="phantom", image=str(n)) for n, trial in enumerate(trials)]
    weighed = list(fit.held_out(made))
    assert len({id(found) for _, found in weighed}) == fit.FOLDS


@pytest.mark.parametrize("seed", [1, 2])
def test_chances_of_series_nobody_has_seen_can_be_taken_at_their_word(made, fitted, seed):
    unseen = made(3000, seed)
    chances = np.array([t.judged(fitted)["noise"].chance for t in unseen])
    truth = np.array([t.severities.get("noise", 0) >= 0.35 for t in unseen])
    assert chances.mean() == pytest.approx(truth.mean(), abs=0.02)
    assert chances[truth].mean() > 0.8 > 0.2 > chances[~truth].mean()
