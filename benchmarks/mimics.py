"""What the tumour module makes of lesions that are no tumour.

    python -m benchmarks.mimics --data ../shared/data --folds WORKSPACE

There are no patients with stroke or white-matter disease here. In place of them, lesions as bright
and dark as theirs are painted into the patients' other hemisphere, far from the tumour, and each is
judged by the network of the fold that was kept from the patient. It is a coarse likeness: what it
shows is what the module has learnt to call tumour, not how often it does so in a clinic.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from highdicom import Volume
from scipy import ndimage

from benchmarks import folds
from benchmarks.robustness import images_of
from benchmarks.scores import MILLIMETRE, read, run, tissues
from pipeline.bundle.module import Module
from pipeline.grid.lattice import resample, working_geometry
from pipeline.types import Finding, Role

FAR_MM = 25.0


@dataclass(frozen=True)
class Mimic:
    """Patches that look like a lesion.

    Attributes
    ----------
    count : int
        How many.
    radius_mm : float
        Radius of each.
    depth_mm : tuple of float
        How far below the brain's surface their middles lie, from and to.
    factors : mapping of Role to float
        What each contrast is multiplied by, above the darkest of the brain.
    """

    count: int
    radius_mm: float
    depth_mm: tuple[float, float]
    factors: Mapping[Role, float]


DARK = {Role.T1: 0.8, Role.T1C: 0.8}
MIMICS = {
    "nothing painted": Mimic(1, 18, (4, 12), {}),
    "infarct, some days old": Mimic(1, 18, (4, 12), {**DARK, Role.T2: 1.4, Role.FLAIR: 1.6}),
    "white-matter spots": Mimic(8, 4, (15, 40), {Role.T2: 1.25, Role.FLAIR: 1.5}),
    "old infarct, a cavity": Mimic(1, 14, (4, 12), {Role.T1: 0.4, Role.T1C: 0.4, Role.FLAIR: 0.5}),
}


def main() -> None:
    """Print how much of each mimic is labelled as tumour, and with what confidence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True, help="Workspace with the folds.")
    options = parser.parse_args()
    judges = [
        (options.data / "tumour" / case, fold.module)
        for fold in folds.read(options.folds, "tumour")
        for case in fold.cases
        if (options.data / "tumour" / case).is_dir()
    ]
    for name, mimic in MIMICS.items():
        found = [judge(folder, module, mimic) for folder, module in judges]
        shares = [share for share, _ in found]
        called = [confidence for share, confidence in found if share > 0.1]
        sure = f", mean confidence {statistics.mean(called):.2f}" if called else ""
        print(
            f"  {name:<24} labelled as tumour: {statistics.mean(shares):.2f} of its volume "
            f"(n={len(found)}); a tenth and more in {len(called)}{sure}",
            flush=True,
        )


def judge(folder: Path, module: Module, mimic: Mimic) -> tuple[float, float]:
    """Share of the painted voxels that are labelled; confidence of the lesion nearest to them."""
    images = {r: image.to_patient_orientation("LPS") for r, image in images_of(folder).items()}
    tumour = read(folder / "seg.nii.gz").to_patient_orientation("LPS").array > 0.5
    first = next(iter(images.values()))
    brain = np.logical_or.reduce([image.array != 0 for image in images.values()])
    painted = patches(brain, tumour, mimic, np.random.default_rng(0))
    seen = {
        role: paint(image, painted, mimic.factors.get(role, 1)) for role, image in images.items()
    }
    prediction = run(module, seen, {"tissue": tissues(seen)})
    grid = working_geometry(first, MILLIMETRE)
    where = resample(first.with_array((painted > 0.5).astype(np.float32)), grid, nearest=True).array
    share = float((np.asarray(prediction.labels)[where > 0.5] > 0).mean())
    middle = grid.map_indices_to_reference(np.argwhere(where > 0.5).mean(0, keepdims=True))
    return share, _nearest(prediction.findings, middle[0])


def _nearest(findings: Sequence[Finding], middle: np.ndarray) -> float:
    away = {np.linalg.norm(np.array(f.centroid_mm) - middle): f.confidence for f in findings}
    return away[min(away)] if away else 0.0


def patches(
    brain: np.ndarray, tumour: np.ndarray, mimic: Mimic, rng: np.random.Generator
) -> np.ndarray:
    """Ragged soft patches, float (x, y, z) 0 to 1, voxels of 1 mm, in the other hemisphere."""
    depth = ndimage.distance_transform_edt(brain)
    far = ndimage.distance_transform_edt(~tumour) > FAR_MM
    middle, place = np.argwhere(brain)[:, 0].mean(), np.argwhere(tumour)[:, 0].mean()
    other = (np.arange(len(brain)) - middle) * np.sign(place - middle) < -5
    low, high = mimic.depth_mm
    room = np.argwhere(far & (depth > low) & (depth < high) & other[:, None, None])
    found = np.zeros(brain.shape, np.float32)
    coarse = rng.normal(size=[n // 6 + 2 for n in brain.shape])
    ragged = ndimage.zoom(coarse, 6, order=1)[tuple(slice(0, n) for n in brain.shape)]
    for centre in rng.permutation(room)[: mimic.count]:
        away = np.linalg.norm(np.indices(brain.shape) - centre.reshape(3, 1, 1, 1), axis=0)
        found[away + 0.2 * mimic.radius_mm * ragged < mimic.radius_mm] = 1
    return np.asarray(ndimage.gaussian_filter(found * far * brain, 0.8) * brain)


def paint(image: Volume, where: np.ndarray, factor: float) -> Volume:
    """The image, brighter or darker by `factor` above the darkest of the brain."""
    darkest = float(np.percentile(image.array[image.array != 0], 1))
    there = image.array != 0
    changed = darkest + (image.array - darkest) * (1 + (factor - 1) * where)
    return image.with_array(np.where(there, changed, 0).astype(np.float32))


if __name__ == "__main__":
    main()
