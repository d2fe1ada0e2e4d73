"""Who multiplies the matrices: a network as a plain function on arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from pipeline.errors import BundleError


class Network(Protocol):
    """A network ready to run; `name` says on what, and is part of every result's key."""

    @property
    def name(self) -> str:
        """Runtime and device, for example ``torch-cpu``."""

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Map float32 (channels, x, y, z) to float32 (classes, …)."""


class TorchNetwork:
    """PyTorch, on a CUDA device where there is one."""

    def __init__(self, network: Any) -> None:
        import torch

        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = network.to(self._device, memory_format=torch.channels_last_3d).eval()

    @property
    def name(self) -> str:
        """``torch-cpu`` or ``torch-cuda``."""
        return f"torch-{self._device.type}"

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Run one image through the network, without gradients."""
        import torch

        with torch.inference_mode():
            batch = torch.from_numpy(np.ascontiguousarray(image, np.float32))[None]
            batch = batch.to(self._device, memory_format=torch.channels_last_3d)
            output: np.ndarray = self._network(batch)[0].float().cpu().numpy()
        return output


def load_weights(network: Any, bundle: Path) -> None:
    """Fill a network from models/model.safetensors, or a foreign bundle's models/model.pt.

    Half-precision storage is widened to float32. A .pt file is read with ``weights_only``, which
    builds tensors and nothing else.

    Raises
    ------
    BundleError
        No weights, unreadable weights, or weights that do not fit the network.
    """
    import torch
    from safetensors.torch import load_file

    safe, foreign = bundle / "models" / "model.safetensors", bundle / "models" / "model.pt"
    try:
        if safe.is_file():
            state = load_file(safe)
        else:
            state = torch.load(foreign, map_location="cpu", weights_only=True)
        state = {
            key: value.float() if value.is_floating_point() else value
            for key, value in state.items()
        }
        network.load_state_dict(state)
    except FileNotFoundError as error:
        raise BundleError(
            f"{safe} is missing.", "A bundle needs weights; train or copy them."
        ) from error
    except Exception as error:
        raise BundleError(
            f"The weights in {bundle / 'models'} do not load: {type(error).__name__}.",
            "Check that network_def in configs/inference.json is the network they belong to.",
        ) from error
