"""Learn to see artefacts that were put there: clean scans, spoilt to a known degree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from monai.bundle.config_parser import ConfigParser
from torch.nn import functional

from pipeline.train.device import accelerator
from pipeline.train.recipe import Recipe, Sample, Schedule

from .evidence import OUTPUTS
from .place import shown
from .simulate import acquired, another, foreign, spoil, vary
from .sources import Source, hold
from .subjects import split

SHARE = {"stripped": 0.42, "labels": 0.43, "head": 0.15}
FOREIGN = 0.12
# Movement takes the most forms and is the hardest to see; then spikes in few slices.
ODDS = (0.3, 0.1, 0.14, 0.14, 0.18, 0.14)


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the training subjects under `data`."""
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    device = accelerator()
    sources = tuple(hold(subject, device) for subject in split(bundle, data).train)
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=start(parser.get_parsed_content("network_def")),
        draw=lambda rng, _: draw(sources, rng),
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(sorted({source.name for source in sources})),
    )


def start(network: torch.nn.Module) -> torch.nn.Module:
    """Initial weights with which texture reaches the last layer from the first step on.

    Wave filters in front; residual branches begin at zero (Goyal et al., arXiv:1706.02677).
    """
    for name, weight in network.named_parameters():
        if name == "conv1.weight":
            weight.data = gabor(weight.shape[0], weight.shape[-1])
        elif name.endswith("bn2.weight"):
            weight.data.zero_()
    return network


def gabor(count: int, size: int) -> torch.Tensor:
    """First-layer weights (count, 1, size, size, size) that see fine detail from the first step.

    Plane waves under a Gaussian window, from flat to the finest pattern the grid can hold; learnt
    from random weights, noise and blur take thousands of steps longer.
    """
    generator = torch.Generator().manual_seed(0)
    place = torch.stack(torch.meshgrid(*[torch.arange(size) - (size - 1) / 2] * 3, indexing="ij"))
    filters = []
    for number in range(count):
        frequency = 0.5 * number / (count - 1)
        direction = torch.randn(3, generator=generator)
        if number % 2:
            direction = torch.eye(3)[number // 2 % 3]
        direction = direction / direction.norm()
        window = torch.exp(-place.square().sum(0) / 2 / (2.0 - 2 * frequency) ** 2)
        wave = window * torch.cos(2 * torch.pi * frequency * torch.tensordot(direction, place, 1))
        wave = wave - window * wave.sum() / window.sum() if number else wave
        filters.append(wave / wave.norm())
    return torch.stack(filters)[:, None]


def draw(sources: tuple[Source, ...], rng: np.random.Generator) -> Sample:
    """A preprocessed image, float32 (1, 160, 160, 160), and the seven answers, NaN where unknown.

    Simulated on the device that holds the sources, in the voxels of an acquisition.
    """
    if rng.random() < FOREIGN:
        answer, seen = torch.full((len(OUTPUTS),), torch.nan), foreign(sources, rng)
        answer[-1] = 1
    else:
        source, severities = pick(sources, rng), choose(rng, ODDS)
        clean = acquired(another(source, rng), rng)
        answer, seen = target(severities), spoil(vary(clean, rng), severities, rng)
    # A shift and another size of the voxels: other heads, at no cost and without interpolation.
    image = shown(seen, rng.uniform(-12, 12, 3), rng.uniform(0.92, 1.08))
    return prepare(image)[None], answer.to(image.device)


def pick(sources: tuple[Source, ...], rng: np.random.Generator) -> Source:
    """A source whose group comes up as often as SHARE says, however many images it has."""
    group = rng.choice(list(SHARE), p=list(SHARE.values()))
    members = [source for source in sources if source.group == group]
    return members[int(rng.integers(len(members)))]


def choose(rng: np.random.Generator, odds: Sequence[float] | None = None) -> dict[str, float]:
    """No artefact for three scans in ten, else one to three, each of any severity.

    `odds` says how likely each of the six is to be the first; all alike without.
    """
    count = int(rng.choice(4, p=(0.3, 0.45, 0.18, 0.07)))
    names = rng.choice(OUTPUTS[:-1], count, replace=False, p=odds)
    return {str(name): float(rng.uniform(0.2, 1.0)) for name in names}


def target(severities: Mapping[str, float]) -> torch.Tensor:
    """What the network should answer: 0 below severity 0.1, 1 from 0.8, linear between."""
    return torch.tensor([(severities.get(name, 0.0) - 0.1) / 0.7 for name in OUTPUTS]).clamp(0, 1)


def loss(output: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy over the answers that are known."""
    known = ~torch.isnan(answer)
    each = functional.binary_cross_entropy_with_logits(
        output, answer.nan_to_num(0), reduction="none"
    )
    return (each * known).sum() / known.sum()


def prepare(image: torch.Tensor) -> torch.Tensor:
    """The bundle's preprocessing (x, y, z): minimum to 99.5th percentile onto 0 to 1.

    The percentile is that of every 27th voxel.
    """
    few = image[::3, ::3, ::3].flatten()
    low, high = image.min(), few.kthvalue(1 + round(0.995 * (few.numel() - 1))).values
    return (image - low) / torch.where(high > low, high - low, 1)
