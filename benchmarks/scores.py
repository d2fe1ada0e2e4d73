"""Dice of the tissue module as it lies in modules/, on the real cases it has learnt from.

    python -m benchmarks.scores --data ../shared/data

IBSR's twelve T1s (manual labels). IBSR counts sulcal CSF as grey matter or outside, so its CSF is
compared with our ventricles; the brain mask with where the skull-stripped image is not zero. Cases
kept from training are what `tessera crossvalidate` is for.
"""

from __future__ import annotations

import argparse
import functools
import statistics
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
from highdicom import Volume, VolumeGeometry

from pipeline.bundle.module import Module, load_module
from pipeline.grid.lattice import resample, working_geometry
from pipeline.metrics import dice
from pipeline.result import ModuleRef
from pipeline.types import Inputs, Prediction, Role
from pipeline.versions.bundles.digest import bundle_digest

MODULES = Path(__file__).parents[1] / "modules"
MILLIMETRE = (1.0, 1.0, 1.0)
GREY, WHITE, VENTRICLES, SULCAL = (3, 4), 5, 1, 2


def main() -> None:
    """Print one line a case and the means, with n beside each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    report("tissue on IBSR T1, skull-stripped", tissue_scores(data))


def load(name: str) -> Module:
    """The module as it lies in modules/."""
    bundle = MODULES / name
    found = bundle_digest(bundle)
    ref = ModuleRef(name, "working", 0, found.digest, found.weights, found.code, found.contract)
    return load_module(bundle, ref)


def tissues(images: dict[Role, Volume], judge: Module | None = None) -> Prediction:
    """Tissues of a head, its brain found first, on a grid of 1 mm; by `judge` where given."""
    brain, tissue = _kept("brain"), judge or _kept("tissue")
    first = next(role for role in tissue.contract.needs.roles if role in images)
    image = images[first]
    found = run(brain, {first: image})
    spacing = brain.contract.needs.spacing_mm
    mask = onto(found, image, working_geometry(image, MILLIMETRE), spacing)
    return run(tissue, {first: image}, {"brain": Prediction(mask)})


@functools.lru_cache
def _kept(name: str) -> Module:
    return load(name)


def tissue_scores(data: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Dice in each IBSR image's own voxels."""
    for folder in sorted((data / "tissue").iterdir()):
        image, truth = read(folder / "t1.nii.gz"), read(folder / "seg.nii.gz")
        labels = onto(tissues({Role.T1: image}), image, image.get_geometry())
        known = np.rint(truth.array)
        yield (
            folder.name,
            {
                "CSF": dice(labels == VENTRICLES, known == 1),
                "GM": dice(np.isin(labels, GREY), known == 2),
                "IBSR's GM": dice(np.isin(labels, (SULCAL, *GREY)) & (image.array > 0), known == 2),
                "WM": dice(labels == WHITE, known == 3),
                "brain": dice(labels > 0, image.array > 0),
            },
        )


def run(
    module: Module, images: dict[Role, Volume], upstream: dict[str, Prediction] | None = None
) -> Prediction:
    """Run a module on images that lie on each other already."""
    spacing = module.contract.needs.spacing_mm
    geometry = working_geometry(next(iter(images.values())), spacing)
    volumes = {role: resample(image, geometry) for role, image in images.items()}
    return module.predict(Inputs(volumes, images, upstream or {}))


def onto(
    prediction: Prediction,
    image: Volume,
    target: VolumeGeometry,
    spacing: tuple[float, ...] = MILLIMETRE,
) -> np.ndarray:
    """The labels of a prediction made on `image`'s grid of `spacing`, in the voxels of `target`."""
    geometry = working_geometry(image, spacing)
    labels = Volume(prediction.labels, geometry.affine, coordinate_system="PATIENT")
    return resample(labels, target, nearest=True).array


def read(path: Path) -> Volume:
    """A NIfTI image in LPS; a background that is not zero (BRATS 2013's z-scores) is made zero."""
    image = nibabel.nifti1.load(path)
    array = np.squeeze(np.asarray(image.dataobj)).astype(np.float32)
    corner = array[0, 0, 0]
    if corner != 0:
        array = np.where(array == corner, 0, array - corner)
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    return Volume(array, affine, coordinate_system="PATIENT")


def report(title: str, scores: Iterator[tuple[str, dict[str, float]]]) -> None:
    """Print cases and means; NaN (nothing there, nothing found) does not count."""
    print(f"\n{title}: Dice")
    columns: dict[str, list[float]] = {}
    for name, case in scores:
        print(f"  {name:<24}" + "".join(f"{key:>10} {value:5.3f}" for key, value in case.items()))
        for key, value in case.items():
            columns.setdefault(key, []).append(value)
    for key, values in columns.items():
        kept = [value for value in values if value == value]
        print(f"  mean {key:<10} {statistics.fmean(kept):5.3f}  (n={len(kept)})")


if __name__ == "__main__":
    main()
