"""Dice of the brain mask on heads nobody trained on: painted ones, and real ones skull-stripped.

    python -m benchmarks.heads --data ../shared/data

The painted heads come from the label maps that modules/brain/configs/train.json holds out, in
random contrasts, slices of 1 to 7 mm, skull on and off. Skull-stripped real T1s say whether what is
left of a brain is kept whole; they cannot say whether a skull would be left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from highdicom import Volume

from benchmarks.scores import MODULES, load, read, report
from pipeline.bundle.code import import_file
from pipeline.bundle.module import Module
from pipeline.grid.lattice import resample, working_geometry
from pipeline.metrics import dice
from pipeline.train.heads import read_head
from pipeline.types import Inputs, Role

SIDE = 2.0
SIZE = 112


def main() -> None:
    """Print one line a head and the means, with n beside each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=20, help="Painted images of each head.")
    options = parser.parse_args()
    module = load("brain")
    report("brain mask, painted heads held out", painted(module, options.data, options.draws))
    report("brain mask, IBSR T1, skull-stripped", stripped(module, options.data))


def painted(module: Module, data: Path, draws: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Mean and worst Dice of `draws` images of each held-out head."""
    bundle = MODULES / "brain"
    recipe = import_file(bundle, "train.py", module.ref.digest)
    settings = json.loads((bundle / "configs" / "train.json").read_text(encoding="utf-8"))
    for number, name in enumerate(settings["held_out"]):
        head = read_head(data / "labelmaps" / f"{name}.nii.gz")
        rng = np.random.default_rng([2026, number])
        found: list[float] = []
        for _ in range(draws):
            image, truth = recipe.synthesise(head, SIZE, SIDE, rng)
            found.append(dice(mask(module, image[0].numpy()), truth[0].numpy() > 0))
        yield name, {"brain": statistics.fmean(found), "worst": min(found)}


def mask(module: Module, image: np.ndarray) -> np.ndarray:
    """The brain in an image (x, y, z) of 2 mm voxels, axes LPS."""
    volume = Volume(image, np.diag([SIDE, SIDE, SIDE, 1.0]), coordinate_system="PATIENT")
    labels = module.predict(Inputs({Role.T1: volume}, {Role.T1: volume})).labels
    return np.asarray(labels) > 0


def stripped(module: Module, data: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Dice with where the image is not zero, in voxels of 2 mm."""
    for folder in sorted((data / "tissue").iterdir()):
        image = read(folder / "t1.nii.gz")
        grid = resample(image, working_geometry(image, (SIDE,) * 3))
        labels = module.predict(Inputs({Role.T1: grid}, {Role.T1: image})).labels
        yield folder.name, {"brain": dice(np.asarray(labels) > 0, grid.array > 0)}


if __name__ == "__main__":
    main()
