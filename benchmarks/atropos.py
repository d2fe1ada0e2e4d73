"""Our tissues beside those of ANTs Atropos on the same real T1s (IBSR): Dice, seconds, memory.

    python -m benchmarks.atropos --data ../shared/data --ants PYTHON

PYTHON is an interpreter that has antspyx (no part of this project's set-up). Atropos gets what its
users give it: the skull-stripped T1 with N4's bias correction, three classes by k-means, a Markov
random field. Ours is judged with each fold's network, which has not seen the case
(`tessera train tissue --fold N`); where a fold is not trained, the released network, which has
learnt from the case, shows the cost, and its line says so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np

from benchmarks.scores import MODULES, read
from pipeline.metrics import dice

ATROPOS = """
import sys
import ants
image = ants.image_read(sys.argv[1])
mask = ants.get_mask(image, low_thresh=1e-6, cleanup=0)
image = ants.n4_bias_field_correction(image, mask=mask)
found = ants.atropos(a=image, x=mask, i="kmeans[3]", m="[0.2,1x1x1]")["segmentation"]
ants.image_write(found, sys.argv[2])
"""
OURS = """
import sys
from pathlib import Path
import nibabel
import numpy as np
from benchmarks import scores
from pipeline.types import Role
scores.MODULES = Path(sys.argv[3])
image = scores.read(Path(sys.argv[1]))
found = scores.onto(scores.tissues({Role.T1: image}), image, image.get_geometry())
merged = np.array([0, 1, 2, 2, 2, 3], np.uint8)[found] * (image.array != 0)
nibabel.save(nibabel.Nifti1Image(np.stack([found, merged], 3).astype(np.uint8), None), sys.argv[2])
"""


@dataclass(frozen=True)
class Cost:
    """Wall seconds, processor seconds and peak MiB of one process, start-up included."""

    wall: float
    processor: float
    mib: float


def main() -> None:
    """Print one line a case and method, and the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ants", required=True, help="A Python that has antspyx.")
    parser.add_argument("--folds", type=Path, default=MODULES.parent / ".training" / "tissue")
    options = parser.parse_args()
    rows: dict[str, list[tuple[float, ...]]] = {}
    for name, weights in folds(options.folds):
        folder = options.data / "tissue" / name
        for method, row in compare(folder, weights, options.ants):
            rows.setdefault(method, []).append(row)
            print(f"{name:<10}{method:<14}" + line(row), flush=True)
    for method, found in rows.items():
        means = tuple(statistics.fmean(column) for column in zip(*found, strict=True))
        print(f"{'mean':<10}{method:<14}" + line(means) + f"  (n={len(found)})")


def line(row: tuple[float, ...]) -> str:
    """CSF, GM and WM Dice, wall and processor seconds, MiB."""
    csf, grey, white, wall, processor, mib = row
    dices = f"CSF {csf:.3f}  GM {grey:.3f}  WM {white:.3f}"
    return f"{dices}  wall {wall:5.1f} s  processor {processor:5.1f} s  {mib:5.0f} MiB"


def folds(place: Path) -> Iterator[tuple[str, Path | None]]:
    """Each case and the weights that have not seen it, if they are there."""
    settings = json.loads((MODULES / "tissue" / "configs" / "train.json").read_text())
    for number, names in enumerate(settings["folds"], start=1):
        weights = place / f"fold-{number}" / "model.safetensors"
        yield from ((name, weights if weights.exists() else None) for name in names)


def compare(
    folder: Path, weights: Path | None, ants: str
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Both methods on one case; grey matter counts as IBSR counts it, sulcal CSF with it."""
    truth = np.rint(read(folder / "seg.nii.gz").array)
    with tempfile.TemporaryDirectory() as place:
        image, modules = Path(place) / "image.nii.gz", Path(place) / "modules"
        nibabel.save(nibabel.squeeze_image(nibabel.nifti1.load(folder / "t1.nii.gz")), image)
        shutil.copytree(MODULES, modules)
        if weights:
            shutil.copy(weights, modules / "tissue" / "models")
        found, cost = run([sys.executable, "-c", OURS], image, Path(place) / "ours.nii", modules)
        labels, merged = found[..., 0], found[..., 1]
        ventricles = dice(labels == 1, truth == 1)
        grey = dice(np.isin(labels, (2, 3, 4)) & (merged > 0), truth == 2)
        method = "ours" if weights else "ours, learnt"
        yield method, (ventricles, grey, dice(labels == 5, truth == 3), *vars(cost).values())
        found, cost = run([ants, "-c", ATROPOS], image, Path(place) / "ants.nii.gz")
        dices = (dice(found == label, truth == label) for label in (1, 2, 3))
        yield "Atropos", (*dices, *vars(cost).values())


def run(command: list[str], image: Path, target: Path, *more: Path) -> tuple[np.ndarray, Cost]:
    """Run a method in a process of its own, on as many threads as there are cores."""
    threads = {"ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": str(os.cpu_count())}
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the caller names the interpreter
        [*command, str(image), str(target), *map(str, more)],
        env={**os.environ, **threads},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with status {process.returncode}.")
    cost = Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    return np.asarray(nibabel.nifti1.load(target).dataobj), cost


if __name__ == "__main__":
    main()
