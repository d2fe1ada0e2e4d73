from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from pipeline.bundle.runtimes.weights import build
from pipeline.errors import BundleError
from tests.bundles import write_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "fourth")


def change(bundle: Path, **sections: Any) -> None:
    path = bundle / "configs" / "inference.json"
    kept = {
        key: value for key, value in json.loads(path.read_text()).items() if key != "parameters"
    }
    document = {key: value for key, value in (kept | sections).items() if value is not None}
    path.write_text(json.dumps(document))


def test_a_network_is_built_with_its_weights(bundle: Path) -> None:
    saved = load_file(bundle / "models" / "model.safetensors")
    found = build(bundle)
    assert not found.training
    assert all(torch.equal(found.state_dict()[name], value) for name, value in saved.items())


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        (None, "is missing"),
        ({"_target_": "monai.networks.nets.Nope"}, "ModuleNotFoundError.*Nope"),
        ({"_target_": "monai.networks.nets.UNet", "chanels": 1}, "TypeError.*chanels"),
        ({"_target_": "monai.networks.nets.UNet", "spatial_dims": "@none"}, "@none"),
        ({"_target_": "monai.transforms.ToTensor"}, "is a ToTensor, no network"),
        ("UNet", "is a str, no network"),
    ],
)
def test_a_network_that_cannot_be_built_is_named(
    bundle: Path, definition: object, said: str
) -> None:
    change(bundle, network_def=definition)
    with pytest.raises(BundleError, match=rf"(?s)fourth.*network_def.*{said}"):
        build(bundle)


def test_a_network_made_for_other_voxels_is_refused(bundle: Path) -> None:
    spacing = {"_target_": "Spacingd", "keys": "image", "pixdim": [1.0, 1.0, 1.0]}
    change(bundle, preprocessing={"_target_": "Compose", "transforms": [spacing]})
    with pytest.raises(BundleError, match=r"voxels of \[1.0, 1.0, 1.0\] mm.* \[4.0, 4.0, 4.0\]"):
        build(bundle)


def test_a_checkpoint_around_the_weights_is_named(bundle: Path) -> None:
    safe = bundle / "models" / "model.safetensors"
    torch.save({"model": load_file(safe), "epoch": 3}, bundle / "models" / "model.pt")
    safe.unlink()
    with pytest.raises(BundleError, match=r"hold model, epoch, which are no tensors") as caught:
        build(bundle)
    assert "state_dict()" in caught.value.remedy


def test_a_file_that_holds_no_dictionary_does_not_load(bundle: Path) -> None:
    (bundle / "models" / "model.safetensors").unlink()
    torch.save(torch.zeros(3), bundle / "models" / "model.pt")
    with pytest.raises(BundleError, match="do not load"):
        build(bundle)
