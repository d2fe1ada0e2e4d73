"""Brains painted in four contrasts from label maps, healthy or with planted tumours."""

from __future__ import annotations

import numpy as np
import torch

from pipeline.train.augment import affine, cube
from pipeline.train.heads import CORTEX, CSF, DEEP, OTHER, WHITE, Head, cut
from pipeline.train.paint import CONTRASTS, among, distance, fill, ragged, strip
from pipeline.train.recipe import Sample
from pipeline.train.smooth import Size, blur, field_like

from .spoil import SIDE, drop, finish

SPOT, OEDEMA, CORE, RING = 252, 253, 254, 255
# T1, T1c, T2, FLAIR of spots of ageing white matter, oedema, core and enhancing ring.
LESIONS = {
    SPOT: ((0.6, 0.6, 0.75, 0.85), 0.08),
    OEDEMA: ((0.52, 0.52, 0.75, 0.9), 0.1),
    CORE: ((0.36, 0.34, 0.82, 0.65), 0.15),
    RING: ((0.5, 1.15, 0.68, 0.8), 0.12),
}
# Core's and oedema's share of the radius, the ring's depth as a share of it.
KINDS = {
    "ring": ((0.4, 0.8), (0.06, 0.25)),
    "solid": ((0.4, 0.9), (0.0, 0.0)),
    "diffuse": ((0.0, 0.3), (0.0, 0.0)),
    "nodule": ((0.5, 1.0), (0.6, 1.0)),
}
ALL = (True, True, True, True)


def synthesise(head: Head, size: Size, rng: np.random.Generator) -> Sample:
    """Warp a label map at 1.5 mm, plant up to three tumours, paint four contrasts and spoil them.

    Returns
    -------
    tuple of torch.Tensor
        Images, float32 (4, x, y, z), and regions (whole, core, enhancing), float32 (3, x, y, z).
    """
    matrix = affine(rng, 15, 0.14, mirror=True) * np.float32(SIDE)
    middle = head.brain_centre + rng.uniform(-10, 10, 3)
    at = cube(middle, size, matrix, rng.uniform(0, 4), rng, head.labels.device)
    labels = spots(cut(head, at, size), rng)
    for _ in range(int(rng.choice((0, 1, 2, 3), p=(0.25, 0.6, 0.1, 0.05)))):
        labels = tumour(labels, rng)
    brain = ((labels > 0) & (labels < OTHER)) | (labels >= SPOT)
    codes = labels.clamp_max(OTHER) * brain
    kept = strip(labels, codes, rng) > 0 if rng.random() < 0.5 else ragged(brain, rng, SIDE)
    drawn = [blur(image, rng.uniform(0.3, 0.6)) for image in contrasts(labels, rng)]
    images = torch.stack(drawn).clamp_min(1e-3) * kept
    regions = [labels >= OEDEMA, labels >= CORE, labels >= RING]
    # The border of what was planted lies inside voxels, as an expert's label at 1 mm does.
    truth = torch.stack([blur(region.float(), 0.4) for region in regions])
    return finish(images, truth, drop(ALL, rng), rng)


def tumour(labels: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Grow one tumour of a random kind inside grey and white matter."""
    away = distance(labels, (WHITE, DEEP, CORTEX), rng, SIDE)
    if away is None:
        return labels
    radius = float(np.exp(rng.uniform(np.log(5), np.log(38))))
    (low, high), (thin, deep) = KINDS[str(rng.choice(list(KINDS), p=(0.4, 0.2, 0.2, 0.2)))]
    tissue = among(labels, (WHITE, DEEP, CORTEX, SPOT, OEDEMA))
    ragged_away = away + field_like(away, 10, rng) * (radius * rng.uniform(0.1, 0.45))
    # Oedema keeps to white matter, the core does not care.
    spread = among(labels, (WHITE, DEEP, SPOT)) | (ragged_away < radius * 0.75)
    core = (away + field_like(away, 14, rng) * (radius * rng.uniform(0.05, 0.25))) < (
        radius * rng.uniform(low, high)
    )
    depth = blur(core.float(), max(0.5, radius * rng.uniform(thin, deep) / SIDE / 2))
    ring = core & (depth < 0.93) if deep else torch.zeros_like(core)
    grown = labels.masked_fill((ragged_away < radius) & spread & tissue, OEDEMA)
    return grown.masked_fill(core & tissue, CORE).masked_fill(ring & tissue, RING)


def spots(labels: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Bright spots and caps of ageing white matter, no tumour, in a third of the draws."""
    if rng.random() > 0.35:
        return labels
    fine = field_like(labels, int(rng.integers(14, 30)), rng)
    near = blur(among(labels, (1,)).float(), 2.0) * rng.uniform(0, 4)
    return labels.masked_fill((labels == WHITE) & (fine + near > rng.uniform(1.2, 2.2)), SPOT)


def contrasts(labels: torch.Tensor, rng: np.random.Generator) -> list[torch.Tensor]:
    """T1, T1c, T2 and FLAIR of one brain, each float32 (x, y, z), none below 0."""
    outside = rng.uniform(0, 1, 256).astype(np.float32)
    shift = {label: rng.normal(0, spread, 4) for label, (_, spread) in LESIONS.items()}
    vessels = (field_like(labels, 36, rng) > rng.uniform(1.0, 2.0)) & among(labels, (CSF, CORTEX))
    images = []
    for number, name in enumerate(("T1", "T1", "T2", "FLAIR")):
        mean = np.clip(outside + rng.normal(0, 0.15, 256).astype(np.float32), 0, 1.2)
        mean[0] = 0
        mean[1:6] = CONTRASTS[name] + rng.normal(0, 0.05, 5)
        spread = np.full(256, rng.uniform(0.01, 0.06), np.float32)
        for label, (means, _) in LESIONS.items():
            mean[label] = means[number] + shift[label][number]
            spread[label] = rng.uniform(0.02, 0.14)
        image = fill(labels, mean, spread, rng)
        if number == 1 and rng.random() < 0.7:
            image = torch.where(vessels, rng.uniform(0.8, 1.3), image)
        images.append(image)
    return images
