"""Small bundles that really run: a gate, a labeller and one that looks at the labeller's mask."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from monai.networks.nets import UNet
from safetensors.torch import save_file

HEAD = """\
name = "{name}"
title = "{name} for tests"
summary = "A small network with fixed weights."

[needs]
level = "{level}"
roles = ["T1", "T1c", "T2", "FLAIR"]
at_least = {at_least}
take = "{take}"
spacing_mm = [4.0, 4.0, 4.0]
upstream = {upstream}
mask = "{mask}"
"""
SEGMENT = """
[[segments]]
number = 1
name = "bright"
category = ["85756007", "SCT", "Tissue"]
type = ["12738006", "SCT", "Brain"]
colour = [200, 60, 60]
"""
GATE = """
from pipeline.types import Assessment, Concept, Measurement, Prediction, Verdict

def predict(output, inputs):
    role, volume = next(iter(inputs.volumes.items()))
    spread = float(volume.array.std())
    verdict = Verdict.FAIL if spread < inputs.parameters["least_spread"] else Verdict.PASS
    concept = Concept("spread", "99TESSERA", "Standard deviation")
    return Prediction(
        measurements=(Measurement("spread", spread, "1", concept, role),),
        assessments=(Assessment(role, verdict, "flat image" if spread < 5 else "fine"),),
    )
"""
LABELLER = """
import numpy as np

from pipeline.bundle.generic import VOLUME
from pipeline.types import Measurement, Prediction

def predict(output, inputs):
    volume = next(iter(inputs.volumes.values()))
    labels = (volume.array > inputs.parameters["threshold"]).astype(np.uint8)
    millilitres = float(labels.sum() * volume.voxel_volume / 1000)
    return Prediction(labels, (Measurement("brain volume", millilitres, "mL", VOLUME),))
"""
CRASHER = "def predict(output, inputs):\n    raise RuntimeError('Canary^Nightingale')\n"


def write_bundle(
    folder: Path,
    *,
    level: str = "case",
    take: str = "first",
    upstream: tuple[str, ...] = (),
    at_least: tuple[str, ...] = ("T1", "T1c", "T2", "FLAIR"),
    code: str | None = None,
    parameters: dict[str, float] | None = None,
    version: str = "1.0.0",
) -> Path:
    """Write one module named after its folder; without `code` the generic adapter runs it."""
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    header = HEAD.format(
        name=folder.name,
        level=level,
        take=take,
        upstream=json.dumps(list(upstream)),
        at_least=json.dumps(list(at_least)),
        mask=upstream[0] if upstream else "",
    )
    (folder / "module.toml").write_text(header + ("" if level == "series" else SEGMENT))
    channels = 1 if take == "first" else 4
    definition = {
        "_target_": "monai.networks.nets.UNet",
        "spatial_dims": 3,
        "in_channels": channels,
        "out_channels": 2,
        "channels": [2, 4],
        "strides": [2],
        "norm": "batch",
    }
    inference = {"network_def": definition, "parameters": parameters or {}}
    (folder / "configs" / "inference.json").write_text(json.dumps(inference))
    image = {"spatial_shape": ["2*n", "2*n", "2*n"]}
    metadata = {
        "version": version,
        "changelog": {version: "for tests"},
        "network_data_format": {"inputs": {"image": image}},
    }
    (folder / "configs" / "metadata.json").write_text(json.dumps(metadata))
    torch.manual_seed(0)
    network = UNet(3, channels, 2, (2, 4), (2,), norm="batch")
    save_file(network.state_dict(), folder / "models" / "model.safetensors")
    if code is not None:
        (folder / "predict.py").write_text(code)
    return folder
