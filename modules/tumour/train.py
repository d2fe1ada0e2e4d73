"""Learn whole tumour, core and enhancing part from experts' labels, any subset of contrasts.

Whole brains at 1.5 mm: patients as they are, without their tumour, with another's; healthy people;
and brains painted from label maps.
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

from . import draw
from .painted import synthesise
from .real import CONTRASTS, Patient, load, load_healthy


def recipe(bundle: Path, data: Path, fold: int | None = None) -> Recipe:
    """Build the task from configs/train.json and `data`'s tumour, tissue and labelmaps.

    With `fold`, from 1, that fold's people are left out, ill and healthy.
    """
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    left_out = settings["folds"][fold - 1] if fold else ()
    ill = _folders(data / "tumour", left_out)
    well = _folders(data / "tissue", left_out)
    device = accelerator()
    patients = [load(folder, device) for folder in ill]
    healthy = [load_healthy(folder, device) for folder in well]
    heads = read_heads(data / "labelmaps", device)
    x, y, z = settings["box"]
    size = (x, y, z)
    kinds, shares = zip(*settings["shares"].items(), strict=True)

    def sample(rng: np.random.Generator, _: int) -> Sample:
        kind = str(rng.choice(kinds, p=shares))
        if kind == "painted":
            return synthesise(heads[rng.integers(len(heads))], size, rng)
        if kind == "healthy":
            return draw.as_is(healthy[rng.integers(len(healthy))], size, rng)
        if kind == "transplanted":
            return draw.transplanted(*_pair(patients, healthy, rng), size, rng)
        patient = patients[rng.integers(len(patients))]
        return (draw.healed if kind == "healed" else draw.as_is)(patient, size, rng)

    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=sample,
        loss=loss,
        schedule=Schedule(**settings["schedule"]),
        cases=(*(f.name for f in ill), *(f.name for f in well), *(head.name for head in heads)),
        files=(
            *(data / "labelmaps" / f"{head.name}.nii.gz" for head in heads),
            *(path for folder in ill for path in _files(folder)),
            *(folder / "t1.nii.gz" for folder in well),
        ),
    )


def loss(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Soft Dice over the batch, and cross-entropy; logits and shares (batch, 3, x, y, z)."""
    dice: torch.Tensor = _DICE(output, target)
    return dice + functional.binary_cross_entropy_with_logits(output, target)


_DICE = DiceLoss(sigmoid=True, batch=True, smooth_nr=1.0, smooth_dr=1.0)


def _pair(
    patients: list[Patient], healthy: list[Patient], rng: np.random.Generator
) -> tuple[Patient, Patient]:
    """Who takes a tumour, one in four of them healthy, and who gives it: another where there is."""
    donor = patients[rng.integers(len(patients))]
    others = [patient for patient in patients if patient is not donor]
    hosts = (healthy if healthy and (not others or rng.random() < 0.25) else others) or [donor]
    return hosts[rng.integers(len(hosts))], donor


def _folders(place: Path, left_out: tuple[str, ...]) -> list[Path]:
    return [folder for folder in sorted(place.iterdir()) if folder.name not in left_out]


def _files(folder: Path) -> list[Path]:
    named = [folder / f"{name}.nii.gz" for name in (*CONTRASTS, "seg")]
    return [path for path in named if path.exists()]
