from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from pipeline.errors import BundleError, TrustError
from pipeline.versions.bundles.admit import admit
from pipeline.versions.pin import pin
from pipeline.versions.registry.registry import Registry
from pipeline.workspace import Workspace

Make = Callable[..., Path]
CODE = "def predict(output, inputs): ...\n"


@pytest.fixture
def registry(workspace: Workspace) -> Registry:
    pin(workspace)
    return Registry(workspace)


@pytest.fixture
def fourth(registry: Registry, make_bundle: Make) -> Path:
    return make_bundle(registry.workspace.modules / "fourth", code=CODE)


def configure(bundle: Path, **sections: Any) -> None:
    path = bundle / "configs" / "inference.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | sections))


def checkpoint(bundle: Path) -> None:
    (bundle / "models" / "model.safetensors").unlink()
    torch.save({"model": {"weight": torch.zeros(4, 1)}}, bundle / "models" / "model.pt")


def steps(*names: str) -> dict[str, Any]:
    listed = [{"_target_": f"monai.transforms.{name}", "keys": "image"} for name in names]
    return {"_target_": "Compose", "transforms": listed}


def int8(bundle: Path) -> None:
    configure(bundle, runtime="openvino-int8")
    (bundle / "models" / "int8.xml").write_text("<garbage")
    (bundle / "models" / "int8.bin").write_bytes(b"0")


def test_what_opens_is_registered_once(registry: Registry, fourth: Path) -> None:
    version = admit(registry, fourth, trust=True)
    assert (version.trusted, admit(registry, fourth, trust=True)) == (True, version)
    assert f"_bundle_{version.module.digest.removeprefix('sha256:')}" not in sys.modules


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda b: (b / "configs" / "inference.json").write_text("[]"), "no object"),
        (lambda b: (b / "configs" / "inference.json").unlink(), "is missing"),
        (lambda b: configure(b, network_def={"_target_": "torch.nn.Nope"}), "Nope"),
        (checkpoint, "no tensors"),
        (lambda b: configure(b, preprocessing=steps("Nope")), "Nope"),
        (lambda b: configure(b, inferer={"_target_": "SaliencyInferer"}), "SaliencyInferer"),
        (lambda b: (b / "predict.py").write_text("def predict(:\n"), "SyntaxError"),
        (lambda b: (b / "predict.py").write_text("ANSWER = 1\n"), "no attribute 'predict'"),
        (int8, "cannot be opened"),
    ],
    ids=["list", "absent", "network", "weights", "transform", "inferer", "syntax", "name", "int8"],
)
def test_what_does_not_open_gets_no_number(
    registry: Registry, fourth: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(fourth)
    for register in (admit, lambda reg, _, trust: pin(reg.workspace, "fourth", trust=trust)):
        with pytest.raises(BundleError, match=said):
            register(registry, fourth, trust=True)
    assert registry.versions("fourth") == ()


def test_it_is_not_opened_before_it_is_trusted(
    registry: Registry, fourth: Path, tmp_path: Path
) -> None:
    witness = tmp_path / "ran"
    (fourth / "predict.py").write_text(
        f"from pathlib import Path\nPath({str(witness)!r}).touch()\n{CODE}"
    )
    with pytest.raises(TrustError, match=r"predict\.py"):
        admit(registry, fourth)
    assert not witness.exists()
    admit(registry, fourth, trust=True)
    assert witness.exists()
