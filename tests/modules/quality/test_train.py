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
def sources(code, head):
    """A label map of skin (507), skull (515), grey (3) and white (2), and the brain of one."""
    subject = code("subjects").Subject
    labels = np.select([head == 0.6, head > 0.85, head > 0.4, head > 0], [507, 2, 3, 515], 0)
    centre = np.full(3, 47.5)
    brain = np.where(labels > 100, 0, head).astype(np.float32)
    found = (
        subject("one", "labels", "labels", labels.astype(np.uint16), (2.0,) * 3, centre),
        subject("two", "t1", "stripped", brain, (2.0,) * 3, centre),
        subject("three", "t1", "head", head, (2.0,) * 3, centre),
    )
    return tuple(code("sources").hold(one) for one in found)


def test_training_starts_from_waves_and_quiet_branches(train, bundle):
    parser = ConfigParser(json.loads((bundle / "configs" / "inference.json").read_text()))
    network = train.start(parser.get_parsed_content("network_def"))
    weights = network.conv1.weight.detach()
    assert weights.shape == (16, 1, 5, 5, 5)
    assert weights.flatten(1).norm(dim=1).numpy() == pytest.approx(1, abs=1e-5)
    assert weights[1:].sum((1, 2, 3, 4)).abs().max() < 1e-4
    assert not network.layer3[0].bn2.weight.any()


def test_prepare_is_the_bundles_own_preprocessing(train, bundle, head):
    parser = ConfigParser(json.loads((bundle / "configs" / "inference.json").read_text()))
    image = 700 * head + np.random.default_rng(0).normal(5, 3, head.shape).astype(np.float32)
    expected = parser.get_parsed_content("preprocessing")({"image": image[None]})["image"]
    found = train.prepare(torch.from_numpy(image))
    # The percentile of every 27th voxel is not quite that of all.
    np.testing.assert_allclose(found, np.asarray(expected)[0], atol=0.01)


def test_prepare_leaves_an_even_image_even(train):
    assert not train.prepare(torch.full((9, 9, 9), 3.0)).any()


@pytest.mark.parametrize("seed", range(6))
def test_the_same_generator_draws_the_same_sample(train, sources, seed):
    (image, answer), (again, same) = (
        train.draw(sources, np.random.default_rng(seed)) for _ in range(2)
    )
    assert image.shape == (1, 160, 160, 160)
    assert image.dtype == answer.dtype == torch.float32
    assert answer.shape == (7,)
    assert torch.isfinite(image).all()
    assert torch.equal(image, again)
    assert torch.equal(answer.nan_to_num(-1), same.nan_to_num(-1))


def test_samples_are_of_every_group(train, sources):
    rng = np.random.default_rng(0)
    groups = [train.pick(sources, rng).group for _ in range(300)]
    for group, share in train.SHARE.items():
        assert groups.count(group) / 300 == pytest.approx(share, abs=0.1)


def test_unknown_answers_cost_nothing(train):
    output = torch.tensor([[0.0, 3.0]])
    unknown = torch.tensor([[1.0, math.nan]])
    assert train.loss(output, unknown).item() == pytest.approx(math.log(2))


def test_choose_covers_every_artefact_and_often_none(train):
    rng = np.random.default_rng(0)
    chosen = [train.choose(rng) for _ in range(400)]
    assert {name for names in chosen for name in names} == set(train.OUTPUTS[:-1])
    assert 80 < sum(not names for names in chosen) < 160


def test_movement_is_asked_for_more_often_where_odds_say_so(train):
    rng = np.random.default_rng(0)
    plain, weighed = (
        sum("motion_ghosting" in train.choose(rng, odds) for _ in range(400))
        for odds in (None, train.ODDS)
    )
    assert weighed > 1.3 * plain


def test_targets_rise_with_severity(train):
    grades = [float(train.target({"noise": severity})[1]) for severity in (0.05, 0.45, 0.8, 1.0)]
    assert grades == pytest.approx([0, 0.5, 1, 1])
    assert train.target({"noise": 1.0}).sum() == 1
