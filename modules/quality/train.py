"""Learn to see artefacts that were put there: clean scans, spoilt to a known degree."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from monai.bundle.config_parser import ConfigParser
from torch.nn import functional

from pipeline.train.recipe import Recipe, Sample, Schedule

from .judge.outputs import OUTPUTS
from .scans import native
from .scans.native import Scan
from .scans.scene import Scene, scene, vary
from .scans.simulate import foreign, spoil, target
from .scans.subjects import Subject, split

SHARE = {"stripped": 0.42, "labels": 0.43, "head": 0.15}
FOREIGN = 0.12
# Movement takes the most forms, so it is met most often; in the order of OUTPUTS.
ODDS = (0.3, 0.14, 0.14, 0.14, 0.14, 0.14)
# Share of the samples that are spoilt in the voxels of the series.
AS_ACQUIRED = 0.6


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the training subjects under `data`."""
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    subjects = split(bundle, data).train
    torch.manual_seed(settings["schedule"]["seed"])
    network = start(parser.get_parsed_content("network_def"))
    rng = np.random.default_rng(settings["schedule"]["seed"])
    scenes = bank(subjects, settings["scenes"], rng)
    scans = acquired(subjects, settings["scans"], rng)
    return Recipe(
        network=network,
        draw=lambda rng, _: draw(scenes, scans, subjects, rng),
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(sorted({subject.name for subject in subjects})),
        files=tuple(sorted({path for subject in subjects for path in subject.files})),
    )


def bank(subjects: tuple[Subject, ...], count: int, rng: np.random.Generator) -> tuple[Scene, ...]:
    """Clean scans made once, float16 to save memory: making them costs more than spoiling them."""
    made = (vary(scene(pick(subjects, rng), rng), rng) for _ in range(count))
    return tuple(Scene(clean.image.astype(np.float16), clean.stripped) for clean in made)


def acquired(
    subjects: tuple[Subject, ...], count: int, rng: np.random.Generator
) -> tuple[Scan, ...]:
    """Clean series in their own voxels, float16."""
    made = (native.vary(native.scan(pick(subjects, rng), rng), rng) for _ in range(count))
    return tuple(replace(clean, image=clean.image.astype(np.float16)) for clean in made)


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


def draw(
    scenes: tuple[Scene, ...],
    scans: tuple[Scan, ...],
    subjects: tuple[Subject, ...],
    rng: np.random.Generator,
) -> Sample:
    """A preprocessed image, float32 (1, 96, 96, 96), and the seven answers, NaN where unknown."""
    if rng.random() < FOREIGN:
        answer = np.full(len(OUTPUTS), np.nan, np.float32)
        answer[-1] = 1
        return prepare(foreign(subjects, rng)), torch.from_numpy(answer)
    severities = choose(rng, ODDS)
    make = spoilt_scan if rng.random() < AS_ACQUIRED else spoilt_scene
    image = make(scans if make is spoilt_scan else scenes, severities, rng)
    return prepare(image), torch.from_numpy(target(severities))


def spoilt_scene(
    scenes: tuple[Scene, ...], severities: dict[str, float], rng: np.random.Generator
) -> np.ndarray:
    """Spoilt on the module's grid: quick."""
    clean = scenes[int(rng.integers(len(scenes)))]
    image = clean.image.astype(np.float32)
    image = image[::-1] if rng.random() < 0.5 else image
    return spoil(Scene(np.ascontiguousarray(image), clean.stripped), severities, rng)


def spoilt_scan(
    scans: tuple[Scan, ...], severities: dict[str, float], rng: np.random.Generator
) -> np.ndarray:
    """Spoilt in the voxels of the series, then brought to the grid: as in life."""
    clean = scans[int(rng.integers(len(scans)))]
    clean = replace(clean, image=clean.image.astype(np.float32))
    return native.shown(native.spoil(clean, severities, rng), rng, strength=0.6)


def pick(subjects: tuple[Subject, ...], rng: np.random.Generator) -> Subject:
    """A subject whose group comes up as often as SHARE says, however many images it has."""
    group = rng.choice(list(SHARE), p=list(SHARE.values()))
    members = [subject for subject in subjects if subject.group == group]
    return members[int(rng.integers(len(members)))]


def choose(rng: np.random.Generator, odds: tuple[float, ...] | None = None) -> dict[str, float]:
    """No artefact for three scans in ten, else one to three, each of any severity."""
    count = int(rng.choice(4, p=(0.3, 0.45, 0.18, 0.07)))
    names = rng.choice(OUTPUTS[:-1], count, replace=False, p=odds)
    return {str(name): float(rng.uniform(0.2, 1.0)) for name in names}


def loss(output: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy over the answers that are known."""
    known = ~torch.isnan(answer)
    return functional.binary_cross_entropy_with_logits(output[known], answer[known])


def prepare(image: np.ndarray) -> torch.Tensor:
    """The bundle's preprocessing, faster; (x, y, z) in, (1, x, y, z) out."""
    low, high = float(image.min()), float(np.percentile(image, 99.5))
    scaled = (image - low) / (high - low) if high > low else image - low
    return torch.from_numpy(scaled[None].astype(np.float32))
