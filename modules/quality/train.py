"""Learn to see artefacts that were put there: clean scans, spoilt to a known degree."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from monai.bundle.config_parser import ConfigParser
from torch.nn import functional

from pipeline.train.recipe import Recipe, Sample, Schedule

from .artefacts import OUTPUTS
from .scene import scene, vary
from .simulate import foreign, spoil, target
from .subjects import Subject, split

SHARE = {"stripped": 0.42, "labels": 0.43, "head": 0.15}
FOREIGN = 0.12


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the training subjects under `data`."""
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    subjects = split(bundle, data).train
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=lambda rng: draw(subjects, rng),
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(sorted({subject.name for subject in subjects})),
    )


def draw(subjects: tuple[Subject, ...], rng: np.random.Generator) -> Sample:
    """A preprocessed image, float32 (1, 96, 96, 96), and the seven answers, NaN where unknown."""
    if rng.random() < FOREIGN:
        answer = np.full(len(OUTPUTS), np.nan, np.float32)
        answer[-1] = 1
        return prepare(foreign(subjects, rng)), torch.from_numpy(answer)
    severities = choose(rng)
    clean = vary(scene(pick(subjects, rng), rng), rng)
    return prepare(spoil(clean, severities, rng)), torch.from_numpy(target(severities))


def pick(subjects: tuple[Subject, ...], rng: np.random.Generator) -> Subject:
    """A subject whose group comes up as often as SHARE says, however many images it has."""
    group = rng.choice(list(SHARE), p=list(SHARE.values()))
    members = [subject for subject in subjects if subject.group == group]
    return members[int(rng.integers(len(members)))]


def choose(rng: np.random.Generator) -> dict[str, float]:
    """No artefact for three scans in ten, else one to three, each of any severity."""
    count = int(rng.choice(4, p=(0.3, 0.45, 0.18, 0.07)))
    names = rng.choice(OUTPUTS[:-1], count, replace=False)
    return {str(name): float(rng.uniform(0.1, 1.0)) for name in names}


def loss(output: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy over the answers that are known."""
    known = ~torch.isnan(answer)
    return functional.binary_cross_entropy_with_logits(output[known], answer[known])


def prepare(image: np.ndarray) -> torch.Tensor:
    """The bundle's preprocessing, faster; (x, y, z) in, (1, x, y, z) out."""
    low, high = float(image.min()), float(np.percentile(image, 99.5))
    scaled = (image - low) / (high - low) if high > low else image - low
    return torch.from_numpy(scaled[None].astype(np.float32))
