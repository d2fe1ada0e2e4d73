from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from monai.bundle import ConfigParser


@pytest.fixture
def train(code):
    return code("train")


@pytest.fixture
def subjects(code, head):
    """A label map of skin (507), skull (515), grey (3) and white (2), and the brain of one."""
    subject = code("scans.subjects").Subject
    labels = np.select([head == 0.6, head > 0.85, head > 0.4, head > 0], [507, 2, 3, 515], 0)
    centre = np.full(3, 47.5)
    brain = np.where(labels > 100, 0, head).astype(np.float32)
    return (
        subject("one", "labels", "labels", labels.astype(np.uint16), (2.0,) * 3, centre),
        subject("two", "t1", "stripped", brain, (2.0,) * 3, centre),
        subject("three", "t1", "head", head, (2.0,) * 3, centre),
    )


@pytest.fixture
def scenes(train, subjects):
    return train.bank(subjects, 6, np.random.default_rng(0))


@pytest.fixture
def scans(train, subjects):
    return train.acquired(subjects, 4, np.random.default_rng(0))


def test_the_bank_holds_clean_scans_of_every_kind(scenes):
    assert {scene.stripped for scene in scenes} == {True, False}
    assert all(np.isfinite(scene.image).all() for scene in scenes)


def test_training_starts_from_waves_and_quiet_branches(train, bundle):
    parser = ConfigParser(json.loads((bundle / "configs" / "inference.json").read_text()))
    network = train.start(parser.get_parsed_content("network_def"))
    weights = network.conv1.weight.detach()
    assert weights.shape == (24, 1, 7, 7, 7)
    assert weights.flatten(1).norm(dim=1).numpy() == pytest.approx(1, abs=1e-5)
    assert weights[1:].sum((1, 2, 3, 4)).abs().max() < 1e-4
    assert not network.layer3[0].bn2.weight.any()


def test_prepare_is_the_bundles_own_preprocessing(train, bundle, head):
    parser = ConfigParser(json.loads((bundle / "configs" / "inference.json").read_text()))
    image = 700 * head + np.random.default_rng(0).normal(5, 3, head.shape).astype(np.float32)
    expected = parser.get_parsed_content("preprocessing")({"image": image[None]})["image"]
    np.testing.assert_allclose(train.prepare(image), np.asarray(expected), atol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_generator_draws_the_same_sample(train, subjects, scenes, scans, seed):
    (image, answer), (again, same) = (
        train.draw(scenes, scans, subjects, np.random.default_rng(seed)) for _ in range(2)
    )
    assert image.shape == (1, 96, 96, 96)
    assert answer.shape == (7,)
    assert torch.isfinite(image).all()
    assert torch.equal(image, again)
    assert torch.equal(answer.nan_to_num(-1), same.nan_to_num(-1))


@pytest.mark.parametrize("severities", [{}, {"noise": 0.9}, {"motion_ghosting": 0.9}])
def test_a_scan_is_spoilt_in_its_own_voxels_then_brought_to_the_grid(train, scans, severities):
    spoilt, again = (
        train.spoilt_scan(scans, severities, np.random.default_rng(1)) for _ in range(2)
    )
    assert spoilt.shape == (96, 96, 96)
    assert np.array_equal(spoilt, again)
    clean = train.spoilt_scan(scans, {}, np.random.default_rng(1))
    assert (not severities) == np.array_equal(spoilt, clean)


def test_movement_is_met_most_often(train):
    rng = np.random.default_rng(0)
    met = [name for _ in range(600) for name in train.choose(rng, train.ODDS)]
    assert max(set(met), key=met.count) == "motion_ghosting"
    assert set(met) == set(train.OUTPUTS[:-1])


def test_unknown_answers_cost_nothing(train):
    output = torch.tensor([[0.0, 3.0]])
    unknown = torch.tensor([[1.0, math.nan]])
    assert train.loss(output, unknown).item() == pytest.approx(math.log(2))


def test_choose_covers_every_artefact_and_often_none(train):
    rng = np.random.default_rng(0)
    chosen = [train.choose(rng) for _ in range(400)]
    assert {name for names in chosen for name in names} == set(train.OUTPUTS[:-1])
    assert 80 < sum(not names for names in chosen) < 160


def test_targets_rise_with_severity(code):
    target = code("scans.simulate").target
    grades = [target({"noise": severity})[1] for severity in (0.05, 0.3, 0.5, 1.0)]
    assert grades == pytest.approx([0, 0.5, 1, 1])
    assert target({"noise": 1.0}).sum() == 1
