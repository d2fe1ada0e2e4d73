"""Learn tissue classes from label maps alone: every image is synthesised with a random contrast.

After SynthSeg (Billot et al., Medical Image Analysis 86:102789, 2023): a network that has seen
every contrast, bias, resolution and noise need not care which scanner made the next image.
"""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.losses import DiceCELoss
from scipy import ndimage

from pipeline.train.augment import affine, bias, cube, smooth_field, thicken
from pipeline.train.recipe import Recipe, Sample, Schedule

VENTRICLES = (4, 5, 14, 15, 31, 43, 44, 63, 72, 136, 137, 163, 164)
DEEP_GREY = (10, 11, 12, 13, 17, 18, 26, 28, 49, 50, 51, 52, 53, 54, 58, 60)
CLASS_OF = (
    dict.fromkeys(VENTRICLES, 1)
    | {24: 2}
    | dict.fromkeys((3, 42, 8, 47), 3)
    | dict.fromkeys(DEEP_GREY, 4)
    | dict.fromkeys((2, 7, 16, 25, 30, 41, 46, 57, 62, 77, 85), 5)
)
LESION, CORE = 255, 254


def recipe(bundle: Path, data: Path) -> Recipe:
    """Build the task from configs/train.json and the label maps under `data`/labelmaps."""
    settings = json.loads((bundle / "configs" / "train.json").read_text())
    maps = [load(path) for path in sorted((data / "labelmaps").glob("*.nii.gz"))][
        : settings["maps"]
    ]
    parser = ConfigParser()
    parser.read_config(str(bundle / "configs" / "inference.json"))
    criterion = DiceCELoss(to_onehot_y=True, softmax=True, batch=True)
    size = settings["patch"]
    torch.manual_seed(settings["schedule"]["seed"])
    return Recipe(
        network=parser.get_parsed_content("network_def"),
        draw=lambda rng, _: synthesise(maps[rng.integers(len(maps))], size, rng),
        loss=lambda output, target: criterion(output, target),
        schedule=Schedule(**settings["schedule"]),
        cases=tuple(f"head_{i + 1:02d}" for i in range(len(maps))),
    )


def load(path: Path) -> np.ndarray:
    """Read labels as uint16, axes to patient left, posterior, superior; cropped to the head."""
    image = nibabel.load(path)
    to_lps = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(image.affine), nibabel.orientations.axcodes2ornt("LPS")
    )
    labels = image.as_reoriented(to_lps).get_fdata(dtype=np.float32).astype(np.uint16)
    return labels[ndimage.find_objects((labels > 0).astype(np.uint8))[0]]


def synthesise(labels: np.ndarray, size: int, rng: np.random.Generator) -> Sample:
    """Warp a label map, paint it with a random contrast and spoil it as scanners do.

    Returns
    -------
    tuple of torch.Tensor
        Image, float32 (1, size, size, size), and class map, int64 of the same shape.
    """
    labels = warp(labels, size, rng)
    if rng.random() < 0.5:
        labels = plant_lesion(labels, rng)
    table = np.zeros(1 << 16, np.uint8)
    table[list(CLASS_OF)] = list(CLASS_OF.values())
    table[[LESION, CORE]] = 5
    target = table[labels]
    if rng.random() < 0.45:
        margin = ndimage.binary_dilation(target > 0, iterations=int(rng.integers(1, 4)))
        labels = np.where(margin if rng.random() < 0.5 else target > 0, labels, 0)
    image = spoil(paint(labels, rng), rng)
    if rng.random() < 0.45:
        image = image * (labels > 0)
    return torch.from_numpy(normalise(image))[None], torch.from_numpy(target.astype(np.int64))[None]


def warp(labels: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A randomly flipped, rotated, scaled and bent cube of `size` voxels, nearest neighbour."""
    matrix = affine(rng, 18, 0.15, mirror=True)
    # Face, neck and air too, or the network takes muscle for brain.
    centre = np.array(labels.shape) * rng.uniform(0, 1, 3)
    if rng.random() < 0.35:
        inside = np.argwhere(labels[::8, ::8, ::8] < 100) * 8
        occupied = inside[(labels[tuple(inside.T)] > 0)]
        centre = occupied[rng.integers(len(occupied))]
    warped = cube(centre, size, matrix, rng.uniform(0, 4), rng)
    at = np.rint(warped).astype(np.int32)
    limit = np.array(labels.shape)[:, None]
    valid = ((at >= 0) & (at < limit)).all(0)
    at = np.clip(at, 0, limit - 1)
    flat = (at[0] * labels.shape[1] + at[1]) * labels.shape[2] + at[2]
    return (labels.ravel()[flat] * valid).reshape((size,) * 3).astype(np.uint16)


def plant_lesion(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grow a blob with a ragged border inside white and grey matter."""
    brain = np.argwhere(np.isin(labels[::4, ::4, ::4], (2, 41, 3, 42))) * 4
    if len(brain) == 0:
        return labels
    centre, size = brain[rng.integers(len(brain))], labels.shape[0]
    radius = rng.uniform(4, 28)
    axes = np.indices(labels.shape, dtype=np.float32) - centre[:, None, None, None]
    stretch = rng.uniform(0.6, 1.6, 3)[:, None, None, None].astype(np.float32)
    distance = np.sqrt(((axes * stretch) ** 2).sum(0))
    ragged = smooth_field(size, 10, rng)[0] * radius * 0.5
    blob = (distance + ragged < radius) & (labels > 0) & (labels < 100) & (labels != 24)
    core = (distance + ragged < radius * rng.uniform(0.3, 0.8)) & blob
    return np.where(core, CORE, np.where(blob, LESION, labels)).astype(np.uint16)


# Mean intensity of background, ventricular and sulcal CSF, cortical and deep grey, white matter.
CONTRASTS = {
    "T1": (0.0, 0.2, 0.2, 0.55, 0.62, 0.85),
    "T2": (0.0, 0.95, 0.95, 0.55, 0.5, 0.38),
    "FLAIR": (0.0, 0.15, 0.2, 0.65, 0.6, 0.48),
}


def paint(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give each structure a Gaussian intensity: around a known contrast, or around any."""
    mean = rng.uniform(0, 1, 1 << 16).astype(np.float32)
    spread = rng.uniform(0.01, 0.1, 1 << 16).astype(np.float32)
    name = rng.choice(["T1", "T2", "FLAIR", "any"], p=[0.5, 0.15, 0.15, 0.2])
    tissue = rng.uniform(0, 1, 6) if name == "any" else CONTRASTS[name] + rng.normal(0, 0.06, 6)
    wobble = rng.uniform(0, 0.05)
    for label, kind in CLASS_OF.items():
        mean[label] = tissue[kind] + rng.normal(0, wobble)
        spread[label] = rng.uniform(0.01, 0.06)
    mean[0] = 0 if rng.random() < 0.8 else rng.uniform(0, 0.3)
    spread[0] = rng.uniform(0, 0.03)
    noise = rng.standard_normal(labels.shape, dtype=np.float32)
    return np.clip(mean[labels] + spread[labels] * noise, 0, None)


def spoil(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Partial volume, thick slices, coil bias, noise and a contrast curve."""
    image = ndimage.gaussian_filter(image, rng.uniform(0.3, 1.1))
    if rng.random() < 0.4:
        axis, thickness = rng.integers(3), rng.uniform(1.5, 6.0)
        image = thicken(image, int(axis), thickness)
    image = bias(image, rng.uniform(0, 0.5), rng)
    noise = rng.standard_normal(image.shape, dtype=np.float32) * rng.uniform(0, 0.08)
    image = np.abs(image + noise)
    return (image / max(float(image.max()), 1e-6)) ** np.float32(rng.uniform(0.6, 1.6))


def normalise(image: np.ndarray) -> np.ndarray:
    """Zero mean and unit spread over non-zero voxels, as the bundle's preprocessing does."""
    inside = image[image > 0]
    if inside.size == 0:
        return image.astype(np.float32)
    scaled = (image - inside.mean()) / max(float(inside.std()), 1e-6)
    return np.where(image > 0, scaled, 0).astype(np.float32)
