"""Instance norm on as many voxels as a head has, in OpenVINO's single precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.bundle.runtimes.compiled import OpenVinoNetwork
from pipeline.bundle.runtimes.export import convert
from pipeline.bundle.runtimes.norm import StagedNorm, stage

SIDES = (128, 160, 144)


@pytest.fixture
def network() -> torch.nn.Module:
    """Halves the sides, as an encoder does, and normalises what lies far from zero."""
    torch.manual_seed(0)
    first = torch.nn.Conv3d(1, 8, 3, stride=2, padding=1)
    torch.nn.init.constant_(first.bias, 3.0)
    return torch.nn.Sequential(first, torch.nn.InstanceNorm3d(8, affine=True)).eval()


def image() -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 1, (1, *SIDES)).astype(np.float32)


def exact(network: torch.nn.Module) -> np.ndarray:
    with torch.no_grad():
        return network.double()(torch.from_numpy(image()).double()[None])[0].numpy()


def test_a_whole_head_keeps_its_digits_in_openvino(network: torch.nn.Module) -> None:
    probe = np.zeros((1, 64, 64, 64), np.float32)
    staged, plain = (
        OpenVinoNetwork(*convert(network, probe, multiple), 2, "openvino-cpu")(image())
        for multiple in (16, 1)
    )
    truth = exact(network)
    assert np.abs(staged - truth).max() < 2e-5
    assert np.abs(staged - truth).max() < np.abs(plain - truth).max() / 5


def test_blocks_divide_the_sides_at_every_resolution(network: torch.nn.Module) -> None:
    staged = stage(network, torch.zeros(1, 1, 64, 64, 64), multiple=16)
    (norm,) = (layer for layer in staged.modules() if isinstance(layer, StagedNorm))
    assert norm.block == (8, 8, 8)


def test_a_side_that_is_not_halved_has_a_block_of_its_own(network: torch.nn.Module) -> None:
    network[0] = torch.nn.Conv3d(1, 8, 3, stride=(2, 2, 1), padding=1)
    staged = stage(network, torch.zeros(1, 1, 64, 64, 64), multiple=16)
    (norm,) = (layer for layer in staged.modules() if isinstance(layer, StagedNorm))
    assert norm.block == (8, 8, 16)


def test_the_network_itself_stays_as_it_was(network: torch.nn.Module) -> None:
    stage(network, torch.zeros(1, 1, 32, 32, 32), multiple=16)
    assert isinstance(network[1], torch.nn.InstanceNorm3d)


@pytest.mark.parametrize("affine", [True, False])
def test_staged_and_plain_are_the_same_function(affine: bool) -> None:
    norm = torch.nn.InstanceNorm3d(3, affine=affine).eval()
    values = torch.randn(1, 3, 16, 24, 8)
    torch.testing.assert_close(StagedNorm(norm, (8, 8, 4))(values), norm(values))
