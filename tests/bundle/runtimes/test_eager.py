from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.bundle.runtimes.eager import TorchNetwork, cuda
from pipeline.bundle.runtimes.parity import HALF, SINGLE, Tolerance, compare

on_card = pytest.mark.skipif(not cuda(), reason="no CUDA device")
IMAGE = np.random.default_rng(0).normal(size=(1, 32, 24, 16)).astype(np.float32)


def _network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Conv3d(1, 8, 3, padding=1),
        torch.nn.InstanceNorm3d(8, affine=True),
        torch.nn.PReLU(),
        torch.nn.Conv3d(8, 16, 3, 2, 1),
        torch.nn.ConvTranspose3d(16, 3, 2, 2),
    ).eval()


def test_it_says_what_the_network_says() -> None:
    with torch.inference_mode():
        expected = _network()(torch.from_numpy(IMAGE)[None])[0].numpy()
    network = TorchNetwork(_network())
    assert network.name == "torch-cpu"
    np.testing.assert_allclose(network(IMAGE), expected, rtol=1e-4, atol=1e-5)


def test_an_image_that_overflows_float16_is_run_in_float32() -> None:
    network, half = TorchNetwork(_network()), TorchNetwork(_network(), half=True)
    assert half.name == "torch-cpu-float16"
    assert not np.array_equal(half(IMAGE), network(IMAGE))
    large = IMAGE * np.float32(1e6)
    np.testing.assert_array_equal(half(large), network(large))


@on_card
@pytest.mark.parametrize(
    ("half", "tolerance", "name"),
    [(False, SINGLE, "torch-cuda"), (True, HALF, "torch-cuda-float16")],
)
def test_a_card_says_what_the_processor_says(half: bool, tolerance: Tolerance, name: str) -> None:
    expected = TorchNetwork(_network())(IMAGE)
    network = TorchNetwork(_network(), "cuda", half)
    found = network(IMAGE)
    assert network.name == name
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    # Labels of a network that learnt nothing hang by a hair.
    assert compare(expected, found, 2).difference <= tolerance.difference
    np.testing.assert_array_equal(found, network(IMAGE))
