from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from monai.networks.nets import UNet

from pipeline.train.norm import normalise, quicken


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape, np.float32))


def small() -> UNet:
    torch.manual_seed(0)
    norm = ("instance", {"affine": True})
    return UNet(3, 1, 2, (4, 8, 8), (2, 2), num_res_units=1, norm=norm)


@settings(deadline=None, max_examples=30)
@given(
    sides=st.tuples(*[st.integers(3, 7)] * 3),
    batch=st.integers(1, 3),
    channels=st.integers(1, 4),
    seed=st.integers(0, 999),
)
def test_values_and_gradients_are_pytorchs(
    sides: tuple[int, int, int], batch: int, channels: int, seed: int
) -> None:
    image = draw(batch, channels, *sides, seed=seed) * 2 + 1
    weight, bias = draw(channels, seed=seed + 1), draw(channels, seed=seed + 2)
    asked = draw(*image.shape, seed=seed + 3)
    results = []
    for staged in (True, False):
        leaves = [x.clone().requires_grad_() for x in (image, weight, bias)]
        x, w, b = leaves
        if staged:
            found = normalise(x, w, b, 1e-5)
        else:
            found = torch.nn.functional.instance_norm(x, weight=w, bias=b, eps=1e-5)
        (found * asked).sum().backward()
        results.append((found.detach(), *(leaf.grad for leaf in leaves)))
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-4, rtol=2e-4)


def test_half_precision_stays_half_and_is_summed_in_single() -> None:
    image, one, zero = draw(1, 2, 12, 12, 12) + 3, torch.ones(2), torch.zeros(2)
    half = normalise(image.bfloat16(), one, zero, 1e-5)
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(half.float(), normalise(image, one, zero, 1e-5), atol=0.05, rtol=0)


@pytest.mark.parametrize("training", [True, False])
def test_a_quickened_network_is_the_network_it_was(training: bool) -> None:
    plain = small().train(training)
    quick = copy.deepcopy(plain)
    quicken(quick)
    assert list(quick.state_dict()) == list(plain.state_dict())
    image = draw(2, 1, 16, 12, 8)
    torch.testing.assert_close(quick(image), plain(image), atol=2e-4, rtol=2e-4)


def test_every_instance_norm_with_weights_is_quickened() -> None:
    network = small()
    quicken(network)
    norms = [layer for layer in network.modules() if isinstance(layer, torch.nn.InstanceNorm3d)]
    assert norms
    for norm in norms:
        step = norm(draw(1, norm.num_features, 4, 4, 4)).grad_fn
        assert type(step).__name__ == "_NormaliseBackward"


def test_a_norm_without_weights_stays_pytorchs() -> None:
    norm = torch.nn.InstanceNorm3d(2)
    quicken(norm)
    image = draw(1, 2, 4, 4, 4).requires_grad_()
    assert type(norm(image).grad_fn).__name__ != "_NormaliseBackward"


def test_a_quickened_network_loads_what_a_plain_one_saved() -> None:
    plain, quick = small(), small()
    with torch.no_grad():
        for value in plain.parameters():
            value.add_(0.1)
    quicken(quick)
    quick.load_state_dict(plain.state_dict())
    image = draw(1, 1, 8, 8, 8)
    torch.testing.assert_close(quick(image), plain(image), atol=2e-4, rtol=2e-4)
