"""Learn tissue classes from synthesised heads first, then from real, manually labelled T1s as well.

After SynthSeg (Billot et al., Medical Image Analysis 86:102789, 2023): a network that has seen
every contrast, bias, resolution and noise need not care which scanner made the next image.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from monai.bundle import ConfigParser

from pipeline.train.device import accelerator
from pipeline.train.heads import read_heads
from pipeline.train.recipe import Recipe, Sample, Schedule

from .objective import loss
from .real import Brain, draw, load
from .synthetic import synthesise

FILES = ("t1.nii.gz", "seg.nii.gz")


def recipe(bundle: Path, data: Path, fold: int | None = None) -> Recipe:
    """Build the task from configs/train.json, `data`/labelmaps and `data`/tissue.

    With `fold`, from 1, that fold's people are left out; the first steps, which learn from label
    maps alone, are the same for every fold.
    """
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    left_out = settings["folds"][fold - 1] if fold else ()
    names = [name for names in settings["folds"] for name in names if name not in left_out]
    device = accelerator()
    heads = read_heads(data / "labelmaps", device)
    brains: list[Brain] = []
    x, y, z = settings["box"]
    size, share, shared = (x, y, z), settings["real"], settings["synthetic_steps"]

    def sample(rng: np.random.Generator, step: int) -> Sample:
        if step < shared or rng.random() > share:
            return synthesise(heads[rng.integers(len(heads))], size, rng)
        if not brains:
            brains.extend(load(data / "tissue" / name, device) for name in sorted(names))
        return draw(brains[rng.integers(len(brains))], size, rng)

    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=sample,
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=(*(head.name for head in heads), *sorted(names)),
        shared=shared,
        files=(
            *(data / "labelmaps" / f"{head.name}.nii.gz" for head in heads),
            *(data / "tissue" / name / part for name in sorted(names) for part in FILES),
        ),
    )
