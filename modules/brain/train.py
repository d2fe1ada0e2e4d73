"""Learn where the brain lies in a head from synthesised heads alone, whole and at 2 mm."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.losses import DiceCELoss

from pipeline.train.augment import affine, bend, cube
from pipeline.train.device import accelerator
from pipeline.train.heads import OTHER, Head, cut, read_heads
from pipeline.train.paint import LESION, lump, paint, plant, strip
from pipeline.train.recipe import Recipe, Sample, Schedule
from pipeline.train.scanner import scale, scan


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the label maps in `data`/labelmaps."""
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    found = read_heads(data / "labelmaps", accelerator())
    heads = [h for h in found if h.name not in settings["held_out"]]
    sizes, side = settings["sizes"], settings["side_mm"]

    def draw(rng: np.random.Generator, step: int) -> Sample:
        # One step's heads share a size, so that they fit into one batch.
        size = int(sizes[step % len(sizes)])
        return synthesise(heads[rng.integers(len(heads))], size, side, rng)

    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=draw,
        loss=DiceCELoss(sigmoid=True),
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(head.name for head in heads),
        files=tuple(data / "labelmaps" / f"{head.name}.nii.gz" for head in heads),
    )


def synthesise(head: Head, size: int, side: float, rng: np.random.Generator) -> Sample:
    """Warp a label map, paint it with a random contrast and scan it.

    Fields of view differ in size and place, so that neither air nor neck tells where the brain is.

    Returns
    -------
    tuple of torch.Tensor
        Image and truth, float32 (1, size, size, size) in voxels of `side` mm; 1 inside the skull.
    """
    matrix = affine(rng, 20, 0.15, mirror=True) * np.float32(side)
    stripped = rng.random() < 0.3
    middle = head.brain_centre + rng.uniform(-40, 40, 3) + (0, 0, -rng.uniform(0, 40))
    labels = cut(head, cube(middle, size, matrix, bend(rng), rng, head.labels.device), size)
    if rng.random() < 0.4:
        labels = plant(labels, rng, side)
    brain = ((labels > 0) & (labels < OTHER)) | (labels >= LESION)
    if stripped:
        labels = strip(labels, labels.clamp_max(OTHER) * brain, rng)
    image = scan(lump(paint(labels, rng), labels, rng), rng, side)
    if stripped:
        # What was cut away is exactly zero, as extraction tools leave it.
        image, brain = image * (labels > 0), brain & (labels > 0)
    return scale(image)[None], brain.float()[None]
