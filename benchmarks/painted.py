"""Dice of brain and tissues on whole heads painted from label maps, skull and all.

    python -m benchmarks.painted --data ../shared/data [--draws 5]

The four label maps that the brain module has not learnt from; tissue has learnt from brains cut out
of all twenty, so its figures are of images it has not seen of people it has. Each head is warped,
painted in a random contrast and scanned as in training: slices up to 7 mm, noise, bias, at times a
field of view that ends early. `three` is the mean of CSF, GM and WM, `brain` all of them together.
After that the same by contrast and slice thickness, with the whole head in view: what the mean of
all hides.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from highdicom import Volume

from benchmarks.scores import GREY, MODULES, SULCAL, VENTRICLES, WHITE, report, tissues
from pipeline.metrics import dice
from pipeline.train.augment import affine, cube
from pipeline.train.heads import OTHER, Head, cut, read_head
from pipeline.train.paint import lump, paint
from pipeline.train.scanner import scan
from pipeline.types import Role

FIELD_OF_VIEW = (192, 240, 224)
# Contrast and slice thickness, mm.
STRATA = (("T1", 1), ("T1", 3), ("T1", 6), ("T2", 1), ("FLAIR", 1), ("any", 1))
PARTS = {
    "ventricles": (VENTRICLES,),
    "CSF": (VENTRICLES, SULCAL),
    "GM": GREY,
    "WM": (WHITE,),
}


def main() -> None:
    """Print Dice a head, the mean over its draws, and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=5, help="Images of each head.")
    options = parser.parse_args()
    report(f"painted whole heads, {options.draws} each", scores(options.data, options.draws))
    for stratum in STRATA:
        found = scores(options.data, options.draws, *stratum)
        report("painted in the contrast {}, slices of {} mm".format(*stratum), found)


def scores(
    data: Path, draws: int, contrast: str = "", thickness: float = 0.0
) -> Iterator[tuple[str, dict[str, float]]]:
    """Mean Dice of each head over its draws, in voxels of 1 mm; all is drawn, or two are given."""
    settings = json.loads((MODULES / "brain" / "configs" / "train.json").read_text())
    for number, name in enumerate(settings["held_out"]):
        head = read_head(data / "labelmaps" / f"{name}.nii.gz")
        rng = np.random.default_rng([2026, number])
        found = [_score(*painted(head, rng, contrast, thickness)) for _ in range(draws)]
        yield name, {key: float(np.mean([one[key] for one in found])) for key in found[0]}


def painted(
    head: Head, rng: np.random.Generator, contrast: str = "", thickness: float = 0.0
) -> tuple[Volume, np.ndarray]:
    """An image with 1 mm voxels, axes LPS, and the label of each voxel."""
    at = cube(
        head.brain_centre - (0, 0, 30), FIELD_OF_VIEW, affine(rng, 15, 0.1, mirror=True), 2.0, rng
    )
    labels = cut(head, at, FIELD_OF_VIEW)
    sides_mm = (1.0, 1.0, thickness) if thickness else ()
    head_image = lump(paint(labels, rng, contrast), labels, rng)
    image = scan(head_image, rng, sides_mm=sides_mm).numpy()
    truth = labels.numpy()
    known = np.where((truth < OTHER) & (image > 0), truth, 0)
    return Volume(image * 1000, np.eye(4), coordinate_system="PATIENT"), known


def _score(image: Volume, known: np.ndarray) -> dict[str, float]:
    found = np.asarray(tissues({Role.T1: image}).labels)
    parts = {n: dice(np.isin(found, p), np.isin(known, p)) for n, p in PARTS.items()}
    three = float(np.mean([parts[name] for name in ("CSF", "GM", "WM")]))
    return {**parts, "three": three, "brain": dice(found > 0, known > 0)}


if __name__ == "__main__":
    main()
