"""Fit the weights of all evidence, and set the thresholds on people that weights do not know.

``python -m modules.quality.appraise.calibrate DATA``, from the repository, rewrites ``parameters``
in configs/inference.json, and says how many severe artefacts the thresholds find. The network is
left as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from ..judge.outputs import MOVED, OUTPUTS
from ..scans.simulate import foreign
from ..scans.subjects import Split, split
from ..train import choose
from .fit import chances, held_out, weights
from .limits import SEVERE, costs, limits
from .trial import Judge, Trial, as_acquired, phantoms, spread, strangers, varied

SCANS = {"fit": range(16), "moved": range(16, 40), "limits": range(16), "severe": range(4)}
PHANTOMS = 100


def calibrate(bundle: Path, data: Path) -> dict[str, float]:
    """Weights from the training people; chances and thresholds from theirs and the calibration's.

    Training people are judged by weights that were fitted without them. Movement, which takes the
    most forms, is learnt from more series; in these it is commoner than in life, so that they say
    nothing of chances.
    """
    judge, parts = Judge(bundle), split(bundle, data)
    fitted, moved = list(_told(_seen(judge, parts, "fit"))), list(_told(_moved(judge, parts)))
    found = {name: round(value, 4) for name, value in weights(fitted, moved).items()}
    others = list(_told(_seen(judge, parts, "limits")))
    unseen = [*held_out(fitted, moved), *((trial, found) for trial in others)]
    meant = {name: round(value, 4) for name, value in chances(unseen).items()}
    severe = list(_told(_severe(judge, parts)))
    asked = [*unseen, *((trial, found) for trial in severe)]
    asked = [(trial, {**parameters, **meant}) for trial, parameters in asked]
    set_at = {name: round(value, 3) for name, value in limits(asked).items()}
    print(*costs(asked, set_at), sep="\n", file=sys.stderr)
    found |= meant | set_at
    path = bundle / "configs" / "inference.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["parameters"] = found
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return found


def _seen(judge: Judge, parts: Split, use: str) -> Iterator[Trial]:
    subjects = (*parts.train, *parts.evidence_only) if use == "fit" else parts.calibration
    yield from as_acquired(judge, subjects)
    yield from spread(lambda one: varied(judge, one, choose, SCANS[use]), subjects)
    yield from strangers(judge, subjects)
    people = tuple(subject for subject in subjects if subject.group != "other")
    seed = 1 if use == "fit" else 2
    yield from phantoms(judge, partial(foreign, people), PHANTOMS, seed)


def _moved(judge: Judge, parts: Split) -> Iterator[Trial]:
    """Series with movement or ghosts, and whatever else comes up, of those learnt from."""
    also = partial(varied, judge, choose=_with_movement, scans=SCANS["moved"])
    yield from spread(also, (*parts.train, *parts.evidence_only))


def _with_movement(rng: np.random.Generator) -> dict[str, float]:
    return {**choose(rng), MOVED: float(rng.uniform(0.2, 1.0))}


def _severe(judge: Judge, parts: Split) -> Iterator[Trial]:
    """Each artefact at its worst, of which the mixture holds too few."""
    for name in OUTPUTS[:-1]:
        worst = partial(_at_worst, name)
        again = partial(varied, judge, choose=worst, scans=SCANS["severe"])
        yield from spread(again, parts.calibration)


def _at_worst(name: str, rng: np.random.Generator) -> dict[str, float]:
    return {name: float(rng.uniform(SEVERE, 1))}


def _told(trials: Iterator[Trial]) -> Iterator[Trial]:
    for number, trial in enumerate(trials, start=1):
        if number % 50 == 0:
            print(f"{number} series, now {trial.person} {trial.image}", file=sys.stderr, flush=True)
        yield trial


if __name__ == "__main__":
    print(json.dumps(calibrate(Path(__file__).parents[1], Path(sys.argv[1])), indent=2))
