"""A bundle's network as PyTorch sees it: its definition filled with its weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.bundle.configuration import read_json
from pipeline.errors import BundleError


def build(bundle: Path) -> Any:
    """The torch network of ``network_def``, with the bundle's weights, ready to infer.

    Raises
    ------
    BundleError
        Configuration or weights are missing or do not fit together.
    """
    from monai.bundle import ConfigParser

    network = ConfigParser(read_json(bundle, "inference.json")).get_parsed_content("network_def")
    load_weights(network, bundle)
    return network.eval()


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
