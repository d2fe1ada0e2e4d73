"""Weights as safetensors, in half precision: half the bytes, widened again when loaded."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save

from pipeline.disk import writing
from pipeline.whole import write


def export(network: torch.nn.Module, path: Path) -> Path:
    """Write the network's state; batch norm's statistics stay in single precision.

    Running variances can lie under what half precision resolves, and they are few.

    Raises
    ------
    OutputError
        The file cannot be written; an older one is as it was.
    """
    state = {name: _stored(name, tensor) for name, tensor in network.state_dict().items()}
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, save(state))
    return path


def _stored(name: str, tensor: torch.Tensor) -> torch.Tensor:
    plain = tensor.detach().cpu().contiguous()
    half = plain.is_floating_point() and "running_" not in name
    return plain.half() if half else plain
