"""Weights as safetensors, in half precision: half the bytes, widened again when loaded."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file


def export(network: torch.nn.Module, path: Path) -> Path:
    """Write the network's state; batch norm's statistics stay in single precision.

    Running variances can lie under what half precision resolves, and they are few.
    """
    state = {name: _stored(name, tensor) for name, tensor in network.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(state, partial)
    partial.replace(path)
    return path


def _stored(name: str, tensor: torch.Tensor) -> torch.Tensor:
    plain = tensor.detach().cpu().contiguous()
    half = plain.is_floating_point() and "running_" not in name
    return plain.half() if half else plain
