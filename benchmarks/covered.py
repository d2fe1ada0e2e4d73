"""Whether the brain mask keeps a tumour, and what a tumour costs it.

    python -m benchmarks.covered --data ../shared/data

Patients with expert labels, skull-stripped: the brain is where any contrast is not zero. Each is
seen by the first contrast that the modules would take, T1 or T1c, and by FLAIR. Brain and tissue
modules as they lie in modules/; neither has learnt from these patients.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.robustness import Images, images_of
from benchmarks.scores import onto, read, tissues
from pipeline.metrics import dice
from pipeline.types import Role

PARTS = ("dice", "tumour", "rest")


@dataclass(frozen=True)
class Covered:
    """One patient seen by one contrast: Dice of the mask; shares inside it."""

    name: str
    dice: float
    tumour: float
    rest: float


def main() -> None:
    """Print a line a patient and the means, n beside each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folders = sorted((parser.parse_args().data / "tumour").iterdir())
    for title, roles in {"T1, else T1c": (Role.T1, Role.T1C), "FLAIR": (Role.FLAIR,)}.items():
        print(f"by {title}: Dice of the mask; share inside it of the tumour, of the other brain")
        found = [look(folder, roles) for folder in folders]
        for one in found:
            print(f"  {one.name:<24}{one.dice:7.3f}{one.tumour:9.3f}{one.rest:9.3f}", flush=True)
        means = (statistics.mean(getattr(c, part) for c in found) for part in PARTS)
        print(f"  mean (n={len(found)})".ljust(26) + "{:7.3f}{:9.3f}{:9.3f}".format(*means))


def look(folder: Path, roles: Sequence[Role]) -> Covered:
    """Find one patient's brain by the first of `roles` that there is, and compare."""
    images: Images = images_of(folder)
    role = next(role for role in roles if role in images)
    truth = read(folder / "seg.nii.gz")
    brain = np.logical_or.reduce([image.array != 0 for image in images.values()])
    tumour = (truth.array > 0.5) & brain
    mask = onto(tissues({role: images[role]}), images[role], truth.get_geometry()) > 0
    return Covered(folder.name, dice(mask, brain), *inside(mask, tumour, brain))


def inside(mask: np.ndarray, tumour: np.ndarray, brain: np.ndarray) -> tuple[float, float]:
    """Which shares of the tumour and of the other brain a mask covers."""
    return float(mask[tumour].mean()), float(mask[brain & ~tumour].mean())


if __name__ == "__main__":
    main()
