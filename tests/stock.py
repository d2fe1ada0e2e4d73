"""A foreign bundle in the layout of MONAI's Model Zoo: network by configuration, model.pt, no code.

Beside MONAI's own files it holds a module.toml, the contract every version of a module shares.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from monai.networks.nets import UNet

NETWORK = {
    "_target_": "UNet",
    "spatial_dims": 3,
    "in_channels": 1,
    "out_channels": 1,
    "channels": [2, 4],
    "strides": [2],
    "norm": "batch",
}
INFERENCE: dict[str, Any] = {
    "imports": ["$import glob"],
    "bundle_root": ".",
    "device": "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
    "network_def": NETWORK,
    "network": "$@network_def.to(@device)",
    "preprocessing": {
        "_target_": "Compose",
        "transforms": [
            {"_target_": "LoadImaged", "keys": "image"},
            {"_target_": "EnsureChannelFirstd", "keys": "image"},
            {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"},
            {
                "_target_": "NormalizeIntensityd",
                "keys": "image",
                "nonzero": True,
                "channel_wise": True,
            },
        ],
    },
    "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [96, 96, 96], "overlap": 0.5},
    "postprocessing": {
        "_target_": "Compose",
        "transforms": [
            {"_target_": "Activationsd", "keys": "pred", "sigmoid": True},
            {"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing"},
            {"_target_": "AsDiscreted", "keys": "pred", "threshold": 0.5},
            {"_target_": "SaveImaged", "keys": "pred", "output_dir": "@bundle_root"},
        ],
    },
}


def write_stock(folder: Path, contract: Path, version: str) -> Path:
    """Write one; its contract is a copy of another version's module.toml."""
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    shutil.copyfile(contract, folder / "module.toml")
    (folder / "configs" / "inference.json").write_text(json.dumps(INFERENCE))
    metadata = {
        "version": version,
        "changelog": {version: "from elsewhere"},
        "network_data_format": {"inputs": {"image": {"spatial_shape": ["2*n", "2*n", "2*n"]}}},
    }
    (folder / "configs" / "metadata.json").write_text(json.dumps(metadata))
    torch.manual_seed(1)
    network = UNet(3, 1, 1, (2, 4), (2,), norm="batch")
    torch.save(network.state_dict(), folder / "models" / "model.pt")
    return folder
