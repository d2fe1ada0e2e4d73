"""A bundle's network as PyTorch sees it: its definition filled with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.bundle.configuration import read_json
from pipeline.bundle.contract import read_contract
from pipeline.bundle.stock import require_spacing
from pipeline.errors import BundleError

DEFINITION = "network_def"


def build(bundle: Path) -> Any:
    """The torch network of ``network_def``, with the bundle's weights, ready to infer.

    Raises
    ------
    BundleError
        Configuration or weights are missing or do not fit together, or the network was made for
        voxels of another size than the contract's.
    """
    configuration = read_json(bundle, "inference.json")
    require_spacing(configuration, read_contract(bundle).needs.spacing_mm)
    network = _defined(bundle, configuration)
    load_weights(network, bundle)
    return network.eval()


def _defined(bundle: Path, configuration: dict[str, Any]) -> Any:
    import torch
    from monai.bundle import ConfigParser

    place = f"{bundle / 'configs' / 'inference.json'}: {DEFINITION}"
    if DEFINITION not in configuration:
        raise BundleError(f"{place} is missing.", "It says which network the weights belong to.")
    try:
        network = ConfigParser(configuration).get_parsed_content(DEFINITION)
    except Exception as error:  # whatever the class, MONAI or an expression raises
        # Around what a class raises, MONAI raises an error of its own that says less.
        cause = (isinstance(error, RuntimeError) and error.__cause__) or error
        said = str(cause).partition("\n")[0].rstrip(".")
        raise BundleError(
            f"{place} cannot be built: {type(cause).__name__}: {said}.",
            "Mend its _target_ (a class's full path) and the arguments.",
        ) from error
    if not isinstance(network, torch.nn.Module):
        raise BundleError(
            f"{place} is a {type(network).__name__}, no network.",
            'Write it as {"_target_": "monai.networks.nets.UNet", …}.',
        )
    return network


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

    state = _state(bundle)
    odd = [key for key, value in state.items() if not isinstance(value, torch.Tensor)]
    if odd:
        raise BundleError(
            f"The weights in {bundle / 'models'} hold {', '.join(map(str, odd[:3]))}, which are no "
            "tensors.",
            "Save the network's own state_dict(), not a checkpoint around it.",
        )
    try:
        network.load_state_dict(
            {
                key: value.float() if value.is_floating_point() else value
                for key, value in state.items()
            }
        )
    except Exception as error:
        raise _unfit(bundle, error) from error


def _state(bundle: Path) -> Mapping[str, Any]:
    import torch
    from safetensors.torch import load_file

    safe, foreign = bundle / "models" / "model.safetensors", bundle / "models" / "model.pt"
    try:
        if safe.is_file():
            return load_file(safe)
        return dict(torch.load(foreign, map_location="cpu", weights_only=True))
    except FileNotFoundError as error:
        raise BundleError(
            f"{safe} is missing.", "A bundle needs weights; train or copy them."
        ) from error
    except Exception as error:  # of safetensors, of torch, or of a file that is no dictionary
        raise _unfit(bundle, error) from error


def _unfit(bundle: Path, error: Exception) -> BundleError:
    return BundleError(
        f"The weights in {bundle / 'models'} do not load: {type(error).__name__}.",
        "Check that network_def in configs/inference.json is the network they belong to.",
    )
