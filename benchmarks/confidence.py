"""Whether a lesion's confidence is the chance that it is one, and the line that makes it so.

    python -m benchmarks.confidence --data ../shared/data --folds WORKSPACE

Each person is judged by the network of the fold that was kept from them (`tessera train tumour
--fold N`, then `tessera crossvalidate tumour`): patients with all contrasts and with fewer, and
with all of them noisy or in thick slices; people without a tumour, IBSR's T1s in place of T1c, show
what is found where nothing is. A lesion is true where an expert's labels cover a tenth of it, as in
`pipeline.metrics`. The line is fitted on all lesions; the calibration error is that of lines fitted
without the person, since a line flatters those it was fitted on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from highdicom import Volume
from scipy.optimize import minimize
from scipy.special import logit
from skimage.measure import label

from benchmarks import folds, perturb
from benchmarks.robustness import Images, images_of
from benchmarks.scores import MILLIMETRE, read, run, tissues
from modules.tumour.confidence import EDGE, Line, calibrated
from pipeline.bundle.module import Module
from pipeline.grid.lattice import resample, working_geometry
from pipeline.types import Role

SUBSETS = (tuple(Role), (Role.T1C, Role.FLAIR), (Role.T1C,), (Role.FLAIR,))
OVERLAP = 0.1
PARAMETERS = ("confidence_slope", "confidence_volume_slope", "confidence_offset")
TENTHS = np.linspace(0, 1, 11)


@dataclass(frozen=True)
class Lesion:
    """One that was found: in whom, how probable, how large in ml, and whether true."""

    person: str
    probability: float
    volume_ml: float
    true: bool


@dataclass(frozen=True)
class Look:
    """A person, seen in one way, and all that was found: perhaps nothing."""

    seen: str
    lesions: tuple[Lesion, ...]


def main() -> None:
    """Print the line, the calibration error with and without it, and true lesions by tenths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True, help="Workspace with the folds.")
    options = parser.parse_args()
    looked = tuple(looks(options.data, folds.read(options.folds, "tumour")))
    found = [lesion for look in looked for lesion in look.lesions]
    truth = np.array([lesion.true for lesion in found])
    probability = np.array([lesion.probability for lesion in found])
    volume = np.array([lesion.volume_ml for lesion in found])
    people = [lesion.person for lesion in found]
    print(f"n={len(found)} lesions in n={len(set(people))} people, {truth.sum()} of them true")
    for seen in dict.fromkeys(look.seen for look in looked):
        _tell(seen, [look for look in looked if look.seen == seen])
    line = fit(probability, volume, truth)
    print(
        f"confidence_slope {line.slope:.3f}  confidence_volume_slope {line.volume_slope:.3f}",
        end="",
    )
    print(f"  confidence_offset {line.offset:.3f}")
    kept = unseen(probability, volume, truth, people)
    alone = unseen(probability, np.ones(len(found)), truth, people)
    print(f"expected calibration error  raw {error(probability, truth):.3f}")
    print(f"  by lines fitted without the person {error(kept, truth):.3f}", end="")
    print(f", without the volume {error(alone, truth):.3f}")
    for low, high in pairwise(TENTHS):
        inside = (kept >= low) & ((kept < high) | (high == 1))
        if inside.any():
            share = truth[inside].mean()
            print(f"  {low:.1f} to {high:.1f}: {share:.2f} true (n={inside.sum()})")


def _tell(seen: str, looked: Sequence[Look]) -> None:
    false = [lesion.volume_ml for look in looked for lesion in look.lesions if not lesion.true]
    count = sum(len(look.lesions) for look in looked)
    print(f"  {seen:<24} people n={len(looked):<3} lesions {count:<4}", end="")
    print(f"false {len(false):<4} {sum(false):7.1f} ml in all")


def looks(data: Path, parts: Iterable[folds.Fold]) -> Iterator[Look]:
    """Each patient in every way, and each person without a tumour."""
    for part in parts:
        # The network's own probability, whatever line the bundle has by now.
        raw = dict(zip(PARAMETERS, (1.0, 0.0, 0.0), strict=True))
        module = replace(part.module, parameters={**part.module.parameters, **raw})
        for name in part.cases:
            folder = data / "tumour" / name
            if not folder.is_dir():
                yield from _healthy(module, data / "tissue" / name)
                continue
            truth = read(folder / "seg.nii.gz")
            for seen, images in views(images_of(folder)).items():
                yield Look(seen, tuple(_found(module, name, images, truth)))


def _healthy(module: Module, folder: Path) -> Iterator[Look]:
    image = read(folder / "t1.nii.gz")
    nothing = image.with_array(np.zeros(image.spatial_shape, np.float32))
    alone, twice = {Role.T1C: image}, {Role.T1: image, Role.T1C: image}
    for seen, images in {"no tumour, T1": alone, "no tumour, T1 twice": twice}.items():
        yield Look(seen, tuple(_found(module, folder.name, images, nothing)))


def views(images: Images) -> dict[str, dict[Role, Volume]]:
    """The same head with all contrasts, with fewer, noisy, and in slices of 4 mm."""
    seen = {}
    for subset in SUBSETS:
        kept = {role: images[role] for role in subset if role in images}
        if set(kept) == set(subset) or subset == SUBSETS[0]:
            seen["+".join(kept) if subset != SUBSETS[0] else "all"] = kept
    seen["all, noise 6 %"] = {role: perturb.noise(image, 0.06) for role, image in images.items()}
    seen["all, slices of 4 mm"] = {role: perturb.thick(i, 4.0) for role, i in images.items()}
    return seen


def _found(
    module: Module, person: str, images: Mapping[Role, Volume], truth: Volume
) -> Iterator[Lesion]:
    first = next(iter(images.values()))
    prediction = run(module, dict(images), {"tissue": tissues(dict(images))})
    labels = np.asarray(prediction.labels)
    pieces = label(labels > 0, connectivity=3)
    # As the module numbers them: largest first, equals as they lie.
    order = np.argsort(-np.bincount(pieces.ravel())[1:], kind="stable") + 1
    where = resample(truth, working_geometry(first, MILLIMETRE), nearest=True).array > 0.5
    for number, finding in zip(order, prediction.findings, strict=True):
        covered = where[pieces == number].mean() >= OVERLAP
        yield Lesion(person, finding.confidence, finding.volume_ml, bool(covered))


def fit(probability: np.ndarray, volume_ml: np.ndarray, truth: np.ndarray) -> Line:
    """The likeliest line in log-odds (Platt); neither slope below 0."""
    odds, size = logit(np.clip(probability, EDGE, 1 - EDGE)), np.log(volume_ml)

    def surprise(line: np.ndarray) -> float:
        score = line[0] * odds + line[1] * size + line[2]
        return float(np.logaddexp(0, np.where(truth, -score, score)).sum())

    rising = ((0, None), (0, None), (None, None))
    return Line(*minimize(surprise, (1.0, 0.0, 0.0), bounds=rising).x.tolist())


def unseen(
    probability: np.ndarray, volume_ml: np.ndarray, truth: np.ndarray, people: list[str]
) -> np.ndarray:
    """Each lesion's confidence by a line that was fitted without its person."""
    kept = np.empty(len(people))
    names = np.array(people)
    for person in set(people):
        of = names == person
        line = fit(probability[~of], volume_ml[~of], truth[~of])
        kept[of] = [
            calibrated(p, v, line) for p, v in zip(probability[of], volume_ml[of], strict=True)
        ]
    return kept


def error(chance: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal width."""
    tenth = np.clip(np.digitize(chance, TENTHS) - 1, 0, 9)
    gaps = [
        abs(chance[tenth == t].mean() - truth[tenth == t].mean()) * (tenth == t).sum()
        for t in set(tenth.tolist())
    ]
    return float(sum(gaps) / len(chance))


if __name__ == "__main__":
    main()
