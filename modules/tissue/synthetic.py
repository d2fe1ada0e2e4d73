"""Brains painted from label maps in any contrast, cut out of their heads, spoilt by scanners."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.augment import affine, bend, cube
from pipeline.train.heads import OTHER, Head, cut
from pipeline.train.paint import LESION, lump, paint, plant, ragged, strip
from pipeline.train.recipe import Sample
from pipeline.train.scanner import scale, scan
from pipeline.train.smooth import Size

from .objective import BRAIN

MULTIPLE = 16


def synthesise(head: Head, size: Size, rng: np.random.Generator) -> Sample:
    """Warp a label map, paint it with a random contrast, scan it and cut the brain out.

    Returns
    -------
    tuple of torch.Tensor
        Image, float32 (1, x, y, z), and codes of `objective`, uint8 of the same shape; the sides
        are those of `tight`.
    """
    matrix = affine(rng, 20, 0.15, mirror=True)
    middle = head.brain_centre + rng.uniform(-5, 5, 3)
    labels = cut(head, cube(middle, size, matrix, bend(rng), rng, head.labels.device), size)
    if rng.random() < 0.4:
        labels = plant(labels, rng)
    lesion = labels >= LESION
    target = torch.where(lesion, BRAIN, labels * (labels < OTHER)).to(torch.uint8)
    # Half as extraction tools leave it, half as the mask of the brain module and its margin do.
    kept = strip(labels, target, rng) > 0 if rng.random() < 0.5 else ragged(target > 0, rng)
    image = paint(labels, rng)
    image = scan(lump(image, labels, rng), rng) * kept
    # What cannot be seen is not asked for.
    target = target * (image > 0)
    return tight(image, target, rng)


def tight(image: torch.Tensor, target: torch.Tensor, rng: np.random.Generator) -> Sample:
    """Crop to what is not zero and a few voxels more, scale, pad to a multiple of 16.

    As the bundle does before it predicts: how much air lies around decides instance norm's means.
    """
    box = tuple(_extent(image > 0, axis, rng) for axis in range(3))
    image, target = scale(image[box]), target[box]
    shape = [n + -n % MULTIPLE for n in image.shape]
    padded, codes = image.new_zeros(shape), target.new_zeros(shape)
    inside = tuple(slice(0, n) for n in image.shape)
    padded[inside], codes[inside] = image, target
    return padded[None], codes[None]


def _extent(inside: torch.Tensor, axis: int, rng: np.random.Generator) -> slice:
    others = tuple(other for other in range(3) if other != axis)
    found = inside.any(others[1]).any(others[0]).nonzero().flatten()
    if not len(found):
        return slice(0, inside.shape[axis])
    before, after = rng.integers(0, 9, 2)
    first, last = int(found[0]) - int(before), int(found[-1]) + 1 + int(after)
    return slice(max(0, first), min(inside.shape[axis], last))
