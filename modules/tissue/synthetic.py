"""Heads of any contrast, painted from label maps and spoilt as scanners do."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.augment import affine, bend, cube
from pipeline.train.heads import OTHER, Head, cut
from pipeline.train.paint import LESION, paint, plant, strip
from pipeline.train.recipe import Sample
from pipeline.train.scanner import scale, scan

from .objective import BRAIN


def synthesise(head: Head, size: int, rng: np.random.Generator) -> Sample:
    """Warp a label map, paint it with a random contrast and scan it.

    Returns
    -------
    tuple of torch.Tensor
        Image, float32 (1, size, size, size), and codes of `objective`, uint8 of the same shape.
    """
    matrix = affine(rng, 20, 0.15, mirror=True)
    stripped = rng.random() < 0.4
    middle = centre(head, rng, near=stripped or rng.random() < 0.6)
    labels = cut(head, cube(middle, size, matrix, bend(rng), rng), size)
    if rng.random() < 0.4:
        labels = plant(labels, rng)
    target = np.where(labels >= LESION, BRAIN, np.where(labels < OTHER, labels, 0))
    if stripped:
        labels = strip(labels, target, rng)
    image = scan(paint(labels, rng), rng)
    if stripped:
        # What was cut away is exactly zero, as extraction tools leave it.
        image = image * (labels > 0)
    return torch.from_numpy(scale(image))[None], torch.from_numpy(target.astype(np.uint8))[None]


def centre(head: Head, rng: np.random.Generator, near: bool) -> np.ndarray:
    """Near the brain, or anywhere: face, neck and air too, or muscle is taken for brain."""
    if near:
        return head.brain_centre + rng.uniform(-35, 35, 3)
    return np.asarray(np.array(head.labels.shape) * rng.uniform(0.3, 0.7, 3))
