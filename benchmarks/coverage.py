"""Whether the quality gate earns its place: Dice against the share of series kept.

    python -m benchmarks.coverage --data ../shared/data [--module tumour] [--cases 3] [--folds .]

People whom the quality module was tested on, clean and with each artefact at two severities (all
contrasts of a patient alike), go through brain, tissue and, for tumours, the tumour module; with
--folds, by the network of the fold that was kept from the case. Series are then left out worst
first, as quality ranks them, and at random for comparison; tissue: mean Dice of grey and white
matter (IBSR's convention), tumour: Dice of the whole tumour. What is lost is counted from the same
person's clean images. The verdict's worth is told as well: what failing studies lose, and how many
of those that lose much fail.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from highdicom import Volume
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks import folds
from benchmarks.robustness import Task, images_of, tissue_task, tumour_task
from benchmarks.scores import MODULES, read
from modules.quality.appraise.trial import Judge
from modules.quality.judge.outputs import OUTPUTS
from modules.quality.judge.verdict import assess
from modules.quality.judge.weigh import Judgement, weigh
from modules.quality.scans.native import Scan, spoil
from pipeline.metrics import dice
from pipeline.types import Role, Verdict

SEVERITIES = (0.5, 0.9)
# A study that loses more Dice than this should not have been let through.
MUCH = 0.1
FIGURES = {"tissue": ("GM", "WM"), "tumour": ("whole",)}


@dataclass(frozen=True)
class Seen:
    """One case in one state: how bad quality finds it, 0 to 1, and the Dice that came of it.

    `failed`: the verdict on at least one of its contrasts is a failure.
    """

    case: str
    artefact: str
    severity: float
    badness: float
    dice: float
    failed: bool


def main() -> None:
    """Print Dice by artefact, then against the share kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--module", choices=tuple(FIGURES), default="tissue")
    parser.add_argument("--cases", type=int, default=4)
    parser.add_argument("--folds", type=Path, help="Workspace in which the folds were trained.")
    options = parser.parse_args()
    found = folds.read(options.folds, options.module) if options.folds else ()
    judges = {case: fold.module for fold in found for case in fold.cases}
    task = (tissue_task if options.module == "tissue" else tumour_task)(options.data, judges)
    tested = json.loads((MODULES / "quality" / "configs" / "train.json").read_text())["held_out"]
    names = [name for name in task.cases if name in tested][: options.cases]
    seen = list(_states(task, names, FIGURES[options.module]))
    _report(options.module, names, seen)


def _states(task: Task, names: list[str], figures: tuple[str, ...]) -> Iterator[Seen]:
    judge = Judge(MODULES / "quality")
    document = json.loads((MODULES / "quality" / "configs" / "inference.json").read_text())
    parameters = document["parameters"]
    for name in names:
        folder = task.cases[name]
        images, truth = images_of(folder), read(folder / "seg.nii.gz")
        known = task.regions(np.rint(truth.array), True)
        for artefact, severity in _ways():
            spoilt = {r: _spoilt(i, name, artefact, severity) for r, i in images.items()}
            labels = task.regions(task.labels(name, spoilt, truth), False)
            score = float(np.mean([dice(labels[figure], known[figure]) for figure in figures]))
            evidence = [judge(_scan(image)) for image in spoilt.values()]
            worst = max(_badness(weigh(one, parameters)) for one in evidence)
            failed = any(_fails(one, parameters) for one in evidence)
            print(
                f"  {name} {artefact or 'clean':<16}{severity:4.1f}  Dice {score:.3f}"
                f"  quality {worst:.2f}{'  fails' if failed else ''}",
                flush=True,
            )
            yield Seen(name, artefact, severity, worst, score, failed)


def _ways() -> Iterator[tuple[str, float]]:
    yield "", 0.0
    for artefact in OUTPUTS[:-1]:
        for severity in SEVERITIES:
            yield artefact, severity


def _spoilt(image: Volume, case: str, artefact: str, severity: float) -> Volume:
    """The same movement, spike or field in all contrasts of a case, another one in each case."""
    if not artefact:
        return image
    rng = np.random.default_rng(zlib.crc32(f"{case}/{artefact}".encode()))
    array = spoil(_scan(image), {artefact: severity}, rng).image
    return image.with_array(array * _top(image))


def _badness(judged: Mapping[str, Judgement]) -> float:
    """The greatest severity of what is likely there."""
    return max(found.chance * found.severity for found in judged.values())


def _fails(evidence: Mapping[str, float], parameters: Mapping[str, float]) -> bool:
    judged = weigh(evidence, parameters)
    return assess(Role.T1, judged, evidence, parameters).verdict is Verdict.FAIL


def _scan(image: Volume) -> Scan:
    x, y, z = (float(side) for side in image.spacing)
    array = np.maximum(image.array, 0).astype(np.float32) / np.float32(_top(image))
    return Scan(array, (x, y, z), True, (np.array(array.shape) - 1) / 2)


def _top(image: Volume) -> float:
    inside = image.array[image.array > 0]
    return max(float(np.percentile(inside, 97)), 1e-6) if inside.size else 1.0


def _report(module: str, names: list[str], seen: list[Seen]) -> None:
    print(f"{module} on {', '.join(names)}: n={len(seen)} studies of n={len(names)} people")
    badness, scores = (np.array([getattr(s, key) for s in seen]) for key in ("badness", "dice"))
    loss = lost(seen)
    print(f"  rank correlation of badness and Dice {spearmanr(badness, scores).statistic:.2f}")
    print(f"  of badness and Dice lost {spearmanr(badness, loss).statistic:.2f}")
    print("  kept    n   mean Dice   least Dice   mean lost   most lost   (at random: mean, lost)")
    order = np.argsort(badness, kind="stable")
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5):
        kept = order[: round(share * len(order))]
        print(
            f"  {share:4.0%}  {len(kept):3d}   {scores[kept].mean():9.3f}   "
            f"{scores[kept].min():10.3f}   {loss[kept].mean():9.3f}   {loss[kept].max():9.3f}   "
            f"({scores.mean():.3f}, {loss.mean():.3f})"
        )
    for line in verdicts(seen):
        print(f"  {line}")


def verdicts(seen: list[Seen]) -> Iterator[str]:
    """What failing studies lose and the others, and how many of those that lose much fail."""
    loss, failed = lost(seen), np.array([one.failed for one in seen])
    for which, said in ((failed, "failing"), (~failed, "let through")):
        if which.any():
            mean, most = loss[which].mean(), loss[which].max()
            yield f"{said}: n={which.sum()}, mean lost {mean:.3f}, most lost {most:.3f}"
    much = loss > MUCH
    yield f"of n={much.sum()} that lose more than {MUCH}, {(failed & much).sum()} fail"


def lost(seen: list[Seen]) -> NDArray[np.float64]:
    """Dice of a person's clean images less that of each state: people differ more than states."""
    clean = {one.case: one.dice for one in seen if not one.artefact}
    return np.array([clean[one.case] - one.dice for one in seen])


if __name__ == "__main__":
    main()
