"""Learn whole tumour, core and enhancing part: painted tumours first, then real ones with labels.

Whole brains at 2 mm, contrasts dropped at random, so that any subset of the four will do.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.losses import DiceLoss
from torch.nn import functional

from pipeline.train.device import accelerator
from pipeline.train.heads import read_heads
from pipeline.train.recipe import Recipe, Sample, Schedule

from .painted import synthesise
from .real import CONTRASTS, Patient, draw, load


def recipe(bundle: Path, data: Path, fold: int | None = None) -> Recipe:
    """Build the task from configs/train.json, `data`/labelmaps and `data`/tumour.

    With `fold`, from 1, that fold's patients are left out; the first steps, which learn from label
    maps alone, are the same for every fold.
    """
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    left_out = settings["folds"][fold - 1] if fold else ()
    names = sorted(n for names in settings["folds"] for n in names if n not in left_out)
    device = accelerator()
    heads = read_heads(data / "labelmaps", device)
    patients: list[Patient] = []
    x, y, z = settings["box"]
    shared = settings["painted_steps"]

    def sample(rng: np.random.Generator, step: int) -> Sample:
        if step < shared or rng.random() > settings["real"]:
            return synthesise(heads[rng.integers(len(heads))], (x, y, z), rng)
        if not patients:
            patients.extend(load(data / "tumour" / name, device) for name in names)
        chosen = patients[rng.integers(len(patients))]
        return draw(chosen, (x, y, z), rng, healed=rng.random() < settings["healed"])

    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=sample,
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=(*(head.name for head in heads), *names),
        shared=shared,
        files=(
            *(data / "labelmaps" / f"{head.name}.nii.gz" for head in heads),
            *(path for name in names for path in _files(data / "tumour" / name)),
        ),
    )


def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Soft Dice over the batch, and cross-entropy; logits and shares (batch, 3, x, y, z)."""
    dice: torch.Tensor = _DICE(output, target)
    return dice + functional.binary_cross_entropy_with_logits(output, target)


_DICE = DiceLoss(sigmoid=True, batch=True, smooth_nr=1.0, smooth_dr=1.0)


def _files(folder: Path) -> list[Path]:
    named = [folder / f"{name}.nii.gz" for name in (*CONTRASTS, "seg")]
    return [path for path in named if path.exists()]
