"""How far Dice falls, and how well volumes repeat, when the same head is scanned otherwise.

    python -m benchmarks.robustness --data ../shared/data [--module tumour] [--cases 4] [--folds .]

Modules as they lie in modules/; with --folds, each case is judged by the network of the fold that
was kept from it; without, the module may have learnt from the case. Tissue: IBSR's T1s, grey matter
by IBSR's convention; tumour: the patients, all contrasts spoilt alike. Labels are compared in the
voxels of the unspoilt image. Repeatability is the spread of volumes of the
*same* head, which needs no labels: half a voxel further on, in slices of 2 mm, left and right
exchanged.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from highdicom import Volume

from benchmarks import folds, perturb
from benchmarks.scores import (
    GREY,
    SULCAL,
    VENTRICLES,
    WHITE,
    load,
    onto,
    read,
    run,
    tissues,
)
from pipeline.bundle.module import Module
from pipeline.metrics import dice
from pipeline.types import Role

Images = Mapping[Role, Volume]
# Ours and BraTS's numbers of the nested regions; BRATS 2013's 3 is non-enhancing core.
REGIONS = {"whole": (1, 2, 3), "core": (2, 3), "enhancing": (3,)}
KNOWN = {"whole": (1, 2, 3, 4), "core": (1, 3, 4), "enhancing": (4,)}
# What is done to an image, and how strongly.
SPOILT: Mapping[str, tuple[Callable[[Volume, float], Volume], tuple[float, ...]]] = {
    "noise, share of the brightest": (perturb.noise, (0.03, 0.06, 0.12)),
    "bias, exp(±)": (perturb.bias, (0.2, 0.4, 0.8)),
    "slices, mm": (perturb.thick, (2.0, 3.0, 4.0, 6.0)),
    "turned, degrees": (perturb.turn, (10.0, 20.0, 40.0)),
    "contrast, gamma (-1: turned round)": (perturb.contrast, (0.6, 1.6, -1.0)),
}
REPEATED: Mapping[str, Callable[[Volume], Volume]] = {
    "half a voxel further": lambda image: perturb.shift(image, 0.5),
    "slices of 2 mm": lambda image: perturb.thick(image, 2.0),
    "left and right exchanged": perturb.mirror,
}


@dataclass(frozen=True)
class Task:
    """A module's cases and what is counted in them.

    Attributes
    ----------
    cases : mapping of str to pathlib.Path
        Folder of each case.
    labels : callable
        Labels of a named case's images in the voxels of a given volume.
    regions : callable
        Masks by name from such labels; from the reference where the second argument is true.
    """

    cases: Mapping[str, Path]
    labels: Callable[[str, Images, Volume], np.ndarray]
    regions: Callable[[np.ndarray, bool], Mapping[str, np.ndarray]]


def main() -> None:
    """Print Dice by defect and strength, then how volumes repeat; n beside every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--module", choices=("tissue", "tumour"), default="tissue")
    parser.add_argument("--cases", type=int, default=4, help="How many cases, evenly spread.")
    parser.add_argument("--folds", type=Path, help="Workspace in which the folds were trained.")
    options = parser.parse_args()
    found = folds.read(options.folds, options.module) if options.folds else ()
    judges = {case: fold.module for fold in found for case in fold.cases}
    task = (tissue_task if options.module == "tissue" else tumour_task)(options.data, judges)
    names = list(task.cases)[:: max(1, len(task.cases) // options.cases)][: options.cases]
    print(f"{options.module} on {', '.join(names)}: mean Dice (n={len(names)})")
    for title, (spoil, strengths) in {"as it is": (_same, (0.0,)), **SPOILT}.items():
        for strength in strengths:
            found = [_dice(task, name, spoil, strength) for name in names]
            print(f"  {title:<36}{strength:>6g}" + _line(found, "{:6.3f}"), flush=True)
    print(f"volumes, difference in % of the volume, mean of n={len(names)} (largest)")
    for title, change in REPEATED.items():
        found = [_moved(task, name, change) for name in names]
        print(f"  {title:<42}" + _line(found, "{:6.1f}", largest=True), flush=True)


def _dice(
    task: Task, name: str, spoil: Callable[[Volume, float], Volume], strength: float
) -> dict[str, float]:
    images, truth = images_of(task.cases[name]), read(task.cases[name] / "seg.nii.gz")
    spoilt = {role: spoil(image, strength) for role, image in images.items()}
    found = task.regions(task.labels(name, spoilt, truth), False)
    known = task.regions(np.rint(truth.array), True)
    inside = np.logical_or.reduce([image.array != 0 for image in images.values()])
    return {name: dice(found[name] & inside, known[name]) for name in known}


def _moved(task: Task, name: str, change: Callable[[Volume], Volume]) -> dict[str, float]:
    """Absolute difference of each region's volume, in per cent."""
    images = images_of(task.cases[name])
    first, again = (
        _volumes(task, name, seen)
        for seen in (images, {role: change(image) for role, image in images.items()})
    )
    return {name: 100 * abs(again[name] - v) / v if v else np.nan for name, v in first.items()}


def _volumes(task: Task, name: str, images: Images) -> dict[str, float]:
    grid = next(iter(images.values()))
    regions = task.regions(task.labels(name, images, grid), False)
    voxel = float(np.prod(grid.spacing)) / 1000
    return {name: float(mask.sum()) * voxel for name, mask in regions.items()}


def images_of(folder: Path) -> dict[Role, Volume]:
    """A case's contrasts, as far as there are."""
    paths = {role: folder / f"{role.lower()}.nii.gz" for role in Role}
    return {role: read(path) for role, path in paths.items() if path.exists()}


def _same(image: Volume, _: float) -> Volume:
    return image


def tissue_task(data: Path, judges: Mapping[str, Module]) -> Task:
    """IBSR's T1s, each judged by the module of its name, else by the one in modules/."""

    def labels(name: str, images: Images, grid: Volume) -> np.ndarray:
        found = tissues({Role.T1: images[Role.T1]}, judges.get(name))
        return onto(found, images[Role.T1], grid.get_geometry())

    def regions(found: np.ndarray, reference: bool) -> dict[str, np.ndarray]:
        csf, grey, white = (
            ((1,), (2,), (3,)) if reference else ((VENTRICLES,), (SULCAL, *GREY), (WHITE,))
        )
        named = {"CSF": csf, "GM": grey, "WM": white}
        return {name: np.isin(found, values) for name, values in named.items()}

    return Task(_folders(data / "tissue"), labels, regions)


def tumour_task(data: Path, judges: Mapping[str, Module]) -> Task:
    """The patients with expert labels, judged as in `tissue_task`."""
    released = load("tumour")

    def labels(name: str, images: Images, grid: Volume) -> np.ndarray:
        module = judges.get(name, released)
        found = run(module, dict(images), {"tissue": tissues(dict(images))})
        return onto(found, next(iter(images.values())), grid.get_geometry())

    def regions(found: np.ndarray, reference: bool) -> dict[str, np.ndarray]:
        return {n: np.isin(found, v) for n, v in (KNOWN if reference else REGIONS).items()}

    return Task(_folders(data / "tumour"), labels, regions)


def _folders(place: Path) -> dict[str, Path]:
    return {folder.name: folder for folder in sorted(place.iterdir())}


def _line(found: Iterable[Mapping[str, float]], form: str, largest: bool = False) -> str:
    return "".join(f"  {text}" for text in _columns(list(found), form, largest))


def _columns(found: list[Mapping[str, float]], form: str, largest: bool) -> Iterator[str]:
    for name in found[0]:
        values = [case[name] for case in found if case[name] == case[name]]
        mean = form.format(statistics.fmean(values)) if values else "   nan"
        most = f" ({max(values):.1f})" if largest and values else ""
        yield f"{name} {mean}{most}"


if __name__ == "__main__":
    main()
