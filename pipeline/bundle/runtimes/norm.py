"""Instance norm that stays exact on whole heads: its means are taken in two stages.

OpenVINO adds a channel's voxels up one after the other in single precision. Over the million voxels
of a head that loses three of its seven digits, which a small probe does not show; over blocks first
and over the blocks' means then, it loses none to speak of.
"""

from __future__ import annotations

import copy

import torch
from torch.nn.functional import avg_pool3d

Block = tuple[int, int, int]


class StagedNorm(torch.nn.Module):
    """`torch.nn.InstanceNorm3d` of the same weights, for sides that `block` (x, y, z) divides."""

    def __init__(self, norm: torch.nn.InstanceNorm3d, block: Block) -> None:
        super().__init__()
        plain = torch.ones(norm.num_features), torch.zeros(norm.num_features)
        weight, bias = (norm.weight, norm.bias) if norm.affine else plain
        self.weight, self.bias = (x.detach().reshape(1, -1, 1, 1, 1) for x in (weight, bias))
        self.eps, self.block = norm.eps, block

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Zero mean and unit variance by image and channel, (batch, channels, x, y, z)."""
        apart = image - self._mean(image)
        scale = self.weight * torch.rsqrt(self._mean(apart * apart) + self.eps)
        return apart * scale + self.bias

    def _mean(self, image: torch.Tensor) -> torch.Tensor:
        return avg_pool3d(image, self.block).mean((2, 3, 4), keepdim=True)


def stage(network: torch.nn.Module, example: torch.Tensor, multiple: int) -> torch.nn.Module:
    """A copy of the network with its instance norms staged.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode.
    example : torch.Tensor, shape (1, channels, x, y, z)
        Shows at which resolution each norm works.
    multiple : int
        What divides the sides of every image it will see.
    """
    staged = copy.deepcopy(network)
    blocks = _blocks(staged, example, multiple)
    for parent in list(staged.modules()):
        for name, child in parent.named_children():
            if child in blocks and not child.track_running_stats:
                setattr(parent, name, StagedNorm(child, blocks[child]))
    return staged


def _blocks(
    network: torch.nn.Module, example: torch.Tensor, multiple: int
) -> dict[torch.nn.InstanceNorm3d, Block]:
    """By norm, the largest block that divides its sides whatever the image."""
    found: dict[torch.nn.InstanceNorm3d, Block] = {}

    def see(layer: torch.nn.InstanceNorm3d, inputs: tuple[torch.Tensor], _: object) -> None:
        sides = zip(inputs[0].shape[2:], example.shape[2:], strict=True)
        x, y, z = (_block(multiple * here, there) for here, there in sides)
        found[layer] = x, y, z

    norms = [m for m in network.modules() if isinstance(m, torch.nn.InstanceNorm3d)]
    hooks = [norm.register_forward_hook(see) for norm in norms]
    with torch.no_grad():
        network(example)
    for hook in hooks:
        hook.remove()
    return found


def _block(multiple: int, side: int) -> int:
    whole, rest = divmod(multiple, side)
    return whole if whole and not rest else 1
