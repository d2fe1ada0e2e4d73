from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from pipeline.types import Inputs, Role, Verdict

from .conftest import as_volume

NAMES = ["motion_ghosting", "noise", "bias", "blur", "spikes", "field_of_view", "not_brain_mri"]


@pytest.fixture
def predict(code):
    return code("predict").predict


@pytest.fixture
def limits(code):
    """Weights under which chance and severity are what the network says, metrics left aside."""
    names = code("judge.evidence").NAMES
    found = {f"mean/{name}": 0.0 for name in names} | {f"deviation/{name}": 1.0 for name in names}
    for output in NAMES:
        found |= {f"{output}/{name}": 0.0 for name in names}
        found |= {f"{output}/network.{output}": 1.0, f"{output}/offset": 0.0}
        found |= {f"{output}/slope": 1.0, f"{output}/shift": 0.0}
        found |= {f"{output}_warn": 0.5, f"{output}_fail": 0.8}
    return found


@pytest.fixture
def inputs(head, limits):
    rng = np.random.default_rng(0)
    noisy = np.hypot(head + rng.normal(0, 0.02, head.shape), rng.normal(0, 0.02, head.shape))
    volume = as_volume((1000 * noisy).astype(np.float32))
    return Inputs({Role.FLAIR: volume}, {Role.FLAIR: volume}, parameters=limits)


def chances(**high):
    return np.array([high.get(name, 0.1) for name in NAMES], np.float32)


def test_a_clean_series_passes(predict, inputs):
    (assessment,) = predict(chances(), inputs).assessments
    assert (assessment.role, assessment.verdict) == (Role.FLAIR, Verdict.PASS)


@pytest.mark.parametrize(("chance", "verdict"), [(0.6, Verdict.WARN), (0.91, Verdict.FAIL)])
def test_an_artefact_warns_or_fails_and_the_reason_says_which(predict, inputs, chance, verdict):
    (assessment,) = predict(chances(motion_ghosting=chance), inputs).assessments
    assert assessment.verdict == verdict
    said = f"severity {chance:.1f}, probability {chance:.2f}"
    assert assessment.reason == f"motion or ghosting, {said}"


def test_reasons_come_worst_first(predict, inputs):
    (assessment,) = predict(chances(noise=0.6, blur=0.9), inputs).assessments
    assert assessment.verdict == Verdict.FAIL
    assert assessment.reason == (
        "blur, severity 0.9, probability 0.90; noise, severity 0.6, probability 0.60"
    )


def test_what_is_likely_there_but_mild_only_warns(predict, inputs):
    mild = {**inputs.parameters, "noise/slope": 3.0}
    (assessment,) = predict(chances(noise=0.7), replace(inputs, parameters=mild)).assessments
    assert assessment.verdict == Verdict.WARN
    assert assessment.reason == "noise, severity 0.7, probability 0.93"


def test_what_is_no_brain_fails_whatever_else_it_shows(predict, inputs):
    (assessment,) = predict(chances(not_brain_mri=0.97, noise=0.99), inputs).assessments
    assert assessment.verdict == Verdict.FAIL
    assert assessment.reason == "not a structural brain MRI, probability 0.97"


def test_doubt_whether_it_is_a_brain_abstains(predict, inputs):
    (assessment,) = predict(chances(not_brain_mri=0.6, noise=0.6), inputs).assessments
    assert assessment.verdict == Verdict.ABSTAIN
    assert assessment.reason == (
        "cannot be judged: perhaps not a structural brain MRI, probability 0.60"
    )


def test_what_fails_by_its_artefacts_does_so_whether_or_not_it_is_a_brain(predict, inputs):
    (assessment,) = predict(chances(not_brain_mri=0.6, noise=0.9), inputs).assessments
    assert assessment.verdict == Verdict.FAIL
    assert assessment.reason == (
        "noise, severity 0.9, probability 0.90; not a structural brain MRI, probability 0.60"
    )


@pytest.mark.parametrize("value", [0.0, 5.0, np.nan])
def test_an_empty_image_abstains_and_measures_nothing(predict, limits, value):
    volume = as_volume(np.full((24, 24, 24), value, np.float32))
    empty = Inputs({Role.T1: volume}, {Role.T1: volume}, parameters=limits)
    prediction = predict(chances(), empty)
    assert prediction.assessments[0].verdict == Verdict.ABSTAIN
    assert math.isnan(next(m.value for m in prediction.measurements if m.name == "snr"))


def test_what_is_surely_no_brain_fails_though_metrics_of_a_brain_are_undefined(predict, limits):
    volume = as_volume(np.zeros((24, 24, 24), np.float32))
    empty = Inputs({Role.T1: volume}, {Role.T1: volume}, parameters=limits)
    (assessment,) = predict(chances(not_brain_mri=0.97), empty).assessments
    assert assessment.verdict == Verdict.FAIL
    assert assessment.reason == "not a structural brain MRI, probability 0.97"


def test_an_undefined_probability_abstains(predict, inputs):
    (assessment,) = predict(chances(blur=np.nan), inputs).assessments
    assert assessment.verdict == Verdict.ABSTAIN


def test_every_figure_says_what_it_is_and_of_which_series(predict, inputs):
    measurements = predict(chances(), inputs).measurements
    assert [m.name for m in measurements[:7]] == NAMES
    assert {m.role for m in measurements} == {Role.FLAIR}
    assert {m.concept.scheme for m in measurements} == {"99TESSERA"}
    assert len({m.concept.value for m in measurements}) == len(measurements) == 31
    # DICOM limits a code meaning to 64 characters.
    assert all(len(m.concept.meaning) <= 64 for m in measurements)


def test_metrics_are_taken_from_the_series_as_acquired(predict, inputs, head):
    blurred = replace(inputs, volumes={Role.FLAIR: as_volume(head)})
    figures = [
        {m.name: m.value for m in predict(chances(), given).measurements}
        for given in (inputs, blurred)
    ]
    assert figures[0] == figures[1]
