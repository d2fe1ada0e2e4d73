"""The script a good MONAI user would write for the four bundles, without this pipeline.

It reads DICOM, brings everything to 1 mm LPS, runs the networks in eager PyTorch and saves two
label maps as NIfTI. Tissue looks near the brain in the windows its bundle names; elsewhere the
window is as large as the image, and the tumour network sees the brain only, so windows share no
voxel; it levels the contrasts and looks at FLAIR once more, as its bundle does. Where it is given a
CUDA device, networks run there. It does not align, gate, measure, write DICOM or report.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.data import MetaTensor
from monai.inferers import sliding_window_inference
from monai.transforms import (
    Compose,
    DivisiblePad,
    EnsureChannelFirstd,
    LoadImaged,
    NormalizeIntensity,
    Orientationd,
    ResampleToMatch,
    ResampleToMatchd,
    ResizeWithPadOrCrop,
    SaveImage,
    ScaleIntensityRangePercentiles,
    Spacing,
    Spacingd,
    Zoom,
)
from monai.transforms.utils import generate_spatial_bounding_box
from safetensors.torch import load_file
from torch.nn.functional import max_pool3d

from benchmarks.clock import Spent, clock
from modules.tumour.level import level

MULTIPLE = 16
MARGIN_MM = 4
_networks: dict[str, Any] = {}
ROLES = ("T1", "T1c", "T2", "FLAIR")


def load_networks(modules: Path) -> dict[str, Any]:
    """The networks as their bundles define them."""
    networks = {}
    for name in ("quality", "brain", "tissue", "tumour"):
        text = (modules / name / "configs" / "inference.json").read_text()
        networks[name] = ConfigParser(json.loads(text)).get_parsed_content("network_def").eval()
        state = load_file(modules / name / "models" / "model.safetensors")
        networks[name].load_state_dict({k: v.float() for k, v in state.items()})
    return networks


def run_script(series: Mapping[str, Path], out: Path, networks: Mapping[str, Any]) -> None:
    """Process one study.

    Parameters
    ----------
    series : mapping of str to pathlib.Path
        A folder of DICOM for each of ROLES.
    out : pathlib.Path
        Gets tissue.nii.gz and tumour.nii.gz.
    networks : mapping
        From `load_networks`.
    """
    with torch.inference_mode():
        images = _load(series)
        for role in ROLES:
            _quality(images[role], networks["quality"])
        brain = _brain(images["T1"], networks["brain"])
        tissue = _tissue(images["T1"], brain, networks["tissue"])
        tumour = _tumour(images, tissue, networks["tumour"])
    for name, labels in (("tissue", tissue), ("tumour", tumour)):
        save = SaveImage(out, name, ".nii.gz", separate_folder=False, print_log=False)
        save(labels, meta_data=images["T1"].meta)


def open_script(modules: Path, device: str) -> None:
    """Load the networks of a process that runs the script on a device, for `time_script`."""
    loaded = load_networks(modules)
    _networks.update({name: _on(device, network) for name, network in loaded.items()})


def time_script(series: Mapping[str, Path], out: Path) -> Spent:
    """Process one study and say what that took."""
    spent: list[Spent] = []
    with clock(spent):
        run_script(series, out, _networks)
    return spent[0]


def _on(device: str, network: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    moved = network.to(device)
    return lambda batch: moved(batch.to(device)).cpu()


def _load(series: Mapping[str, Path]) -> dict[str, Any]:
    chain = Compose(
        [
            LoadImaged(ROLES, reader="PydicomReader"),
            EnsureChannelFirstd(ROLES),
            Orientationd(ROLES, axcodes="LPS", labels=None),
            Spacingd("T1", pixdim=(1.0, 1.0, 1.0)),
            ResampleToMatchd(ROLES[1:], key_dst="T1"),
        ]
    )
    loaded: dict[str, Any] = chain({role: str(series[role]) for role in ROLES})
    return loaded


def _quality(image: Any, network: Any) -> Any:
    coarse = Spacing(pixdim=(2.0, 2.0, 2.0))(image)
    fitted = ResizeWithPadOrCrop((96, 112, 96))(coarse)
    scaled = ScaleIntensityRangePercentiles(0, 99.5, 0.0, 1.0)(fitted)
    return torch.sigmoid(network(scaled[None]))


def _brain(image: Any, network: Any) -> Any:
    coarse = Spacing(pixdim=(2.0, 2.0, 2.0))(image)
    score = _infer(ScaleIntensityRangePercentiles(1, 99.5, 0.0, 1.0)(coarse), network)
    found = MetaTensor((score > 0).to(torch.uint8), meta=coarse.meta)
    return ResampleToMatch(mode="nearest")(found, img_dst=image)


def _tissue(image: Any, brain: Any, network: Any) -> Any:
    near = max_pool3d(brain[None].float(), 2 * MARGIN_MM + 1, 1, MARGIN_MM)[0]
    box = _box(near)
    scaled = ScaleIntensityRangePercentiles(1, 99.5, 0.0, 1.0)((image * near)[box])
    scores = _infer(scaled, network)
    labels = torch.zeros_like(brain, dtype=torch.uint8)
    labels[box] = scores.argmax(0, keepdim=True).to(torch.uint8)
    return labels


def _box(mask: Any) -> tuple[slice, ...]:
    start, end = generate_spatial_bounding_box(mask)
    return (slice(None), *(slice(a, b) for a, b in zip(start, end, strict=True)))


def _tumour(images: Mapping[str, Any], tissue: Any, network: Any) -> Any:
    stacked = torch.cat([images[role] for role in ROLES]) * (tissue > 0)
    box = _box(tissue)
    padded = DivisiblePad(3, method="end")(stacked[box])
    coarse = Zoom(0.6666667, mode="area", keep_size=False)(padded)
    even = torch.from_numpy(np.stack([level(contrast) for contrast in coarse.numpy()]))
    scaled = NormalizeIntensity(nonzero=True, channel_wise=True)(even)
    logits, alone = _infer(scaled, network), torch.zeros_like(scaled)
    alone[3] = scaled[3]
    logits[0] = (logits[0] + _infer(alone, network)[0]) / 2
    fine = Zoom(1.5, mode="trilinear", keep_size=False)(torch.sigmoid(logits))
    x, y, z = stacked[box].shape[1:]
    chances = fine[:, :x, :y, :z]
    labels = torch.zeros_like(tissue)
    labels[box] = (chances > 0.5).sum(0, keepdim=True).to(torch.uint8)
    return labels


def _infer(image: Any, network: Any) -> Any:
    window = [-(-side // MULTIPLE) * MULTIPLE for side in image.shape[1:]]
    return sliding_window_inference(image[None], window, 1, network)[0]
