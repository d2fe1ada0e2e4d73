"""Fit the weights of all evidence, and set the thresholds on people the fit has not seen.

``python -m modules.quality.calibrate DATA``, from the repository, rewrites ``parameters`` in
configs/inference.json. The network is left as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from .artefacts import OUTPUTS
from .evidence import NAMES
from .simulate import foreign
from .subjects import Split, split
from .train import choose
from .trial import Judge, Trial, as_acquired, phantoms, strangers, varied
from .weigh import standardised

REPEATS = {"fit": 6, "limits": 12, "severe": 2}
PHANTOMS = 100
# All phantoms are made on one grid: its voxels must not tell them from heads.
UNTOLD = {OUTPUTS[-1]: ("thickest_mm", "finest_mm")}
# An artefact counts as there from this severity on.
THERE = 0.35
SEVERE = 0.8
# Share of severe artefacts that shall fail, of clean series that may warn and that may fail.
SENSITIVITY, WARNED, FAILED = 0.95, 0.02, 0.005
# Nobody wants to hear of less.
LEAST = 0.3
STIFFNESS = 0.02
Line = NDArray[np.float64]


def calibrate(bundle: Path, data: Path) -> dict[str, float]:
    """Weights from the training people, chances and thresholds from the calibration people."""
    judge, parts = Judge(bundle), split(bundle, data)
    fitted = list(_told(_seen(judge, parts, "fit")))
    found = {name: round(value, 4) for name, value in weights(fitted).items()}
    others = list(_told(_seen(judge, parts, "limits")))
    found |= {name: round(value, 4) for name, value in chances(others, found).items()}
    severe = list(_told(_severe(judge, parts)))
    found |= {name: round(value, 3) for name, value in limits([*others, *severe], found).items()}
    path = bundle / "configs" / "inference.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["parameters"] = found
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return found


def weights(trials: Sequence[Trial]) -> dict[str, float]:
    """Means and deviations of the evidence, and a line for each output.

    The logistic function of the line is what comes nearest to the severities; ridge regression
    keeps the line short.
    """
    table = np.array([[trial.evidence[name] for name in NAMES] for trial in trials])
    known = [column[np.isfinite(column)] for column in table.T]
    means = [float(column.mean()) if column.size else 0.0 for column in known]
    deviations = [max(float(column.std()), 1e-3) if column.size else 1.0 for column in known]
    usual = np.array(
        [
            [standardised(*cell) for cell in zip(row, means, deviations, strict=True)]
            for row in table
        ]
    )
    found = {f"mean/{name}": value for name, value in zip(NAMES, means, strict=True)}
    found |= {f"deviation/{name}": value for name, value in zip(NAMES, deviations, strict=True)}
    for output in OUTPUTS:
        told, wanted = _answers(trials, output)
        seen = np.array([name not in UNTOLD.get(output, ()) for name in NAMES])
        line = _fit(usual[told] * seen, wanted)
        found |= {f"{output}/{n}": float(w) for n, w in zip(NAMES, line[:-1], strict=True)}
        found[f"{output}/offset"] = float(line[-1])
    return found


def chances(trials: Sequence[Trial], parameters: dict[str, float]) -> dict[str, float]:
    """Slope and shift that turn each output's line into the chance that the artefact is there."""
    found = {}
    for output in OUTPUTS:
        known, wanted = _answers(trials, output)
        plain = {**parameters, f"{output}/slope": 1.0, f"{output}/shift": 0.0}
        plain |= {f"{o}/{key}": 0.0 for o in OUTPUTS if o != output for key in ("slope", "shift")}
        said = np.array([trials[i].judged(plain)[output].severity for i in np.flatnonzero(known)])
        score = np.log(np.clip(said, 1e-6, 1 - 1e-6) / np.clip(1 - said, 1e-6, 1))
        slope, shift = _fit(score[:, None], (wanted >= THERE).astype(float), stiffness=1e-3)
        found |= {f"{output}/slope": max(float(slope), 0.05), f"{output}/shift": float(shift)}
    return found


def limits(trials: Sequence[Trial], parameters: dict[str, float]) -> dict[str, float]:
    """Where to warn, by chance, and where to fail, by severity.

    A warning is a chance that few clean series reach. A failure is the severity that nearly all
    severe artefacts reach, but no lower than what next to no clean series does.
    """
    judged = [trial.judged(parameters) for trial in trials]
    found = {}
    for output in OUTPUTS:
        clean = [
            j[output]
            for j, t in zip(judged, trials, strict=True)
            if not t.severities and not t.foreign
        ]
        worst = [
            j[output] for j, t in zip(judged, trials, strict=True) if _severity(t, output) >= SEVERE
        ]
        found[f"{output}_warn"] = max(LEAST, _quantile([j.chance for j in clean], 1 - WARNED))
        fail = [
            _quantile([j.severity for j in clean], 1 - FAILED),
            _quantile([j.severity for j in worst], 1 - SENSITIVITY),
        ]
        found[f"{output}_fail"] = max(LEAST, *fail)
    return found


def _seen(judge: Judge, parts: Split, use: str) -> Iterator[Trial]:
    subjects = parts.train if use == "fit" else parts.calibration
    yield from as_acquired(judge, subjects)
    yield from varied(judge, subjects, choose, REPEATS[use])
    yield from strangers(judge, subjects)
    people = tuple(subject for subject in subjects if subject.group != "other")
    seed = 1 if use == "fit" else 2
    yield from phantoms(judge, partial(foreign, people), PHANTOMS, seed)


def _severe(judge: Judge, parts: Split) -> Iterator[Trial]:
    """Each artefact at its worst, of which the mixture holds too few."""
    for name in OUTPUTS[:-1]:
        worst = partial(_at_worst, name)
        yield from varied(judge, parts.calibration, worst, REPEATS["severe"])


def _at_worst(name: str, rng: np.random.Generator) -> dict[str, float]:
    return {name: float(rng.uniform(SEVERE, 1))}


def _told(trials: Iterator[Trial]) -> Iterator[Trial]:
    for number, trial in enumerate(trials, start=1):
        if number % 50 == 0:
            print(f"{number} series, now {trial.person} {trial.image}", file=sys.stderr, flush=True)
        yield trial


def _answers(trials: Sequence[Trial], output: str) -> tuple[NDArray[np.bool_], Line]:
    """Which trials say something of an output, and its severity in those."""
    last = output == OUTPUTS[-1]
    known = np.array([last or not trial.foreign for trial in trials])
    wanted = np.array([_severity(trial, output) for trial in trials])
    return known, wanted[known]


def _severity(trial: Trial, output: str) -> float:
    return float(trial.foreign) if output == OUTPUTS[-1] else trial.severities.get(output, 0.0)


def _fit(evidence: Line, wanted: Line, stiffness: float = STIFFNESS) -> Line:
    """Weights and, last, offset of a logistic regression on targets from 0 to 1."""

    def cost(line: Line) -> tuple[float, Line]:
        score = evidence @ line[:-1] + line[-1]
        missed = expit(score) - wanted
        pull = stiffness * line[:-1]
        value = np.mean(np.logaddexp(0, score) - wanted * score) + pull @ line[:-1] / 2
        return float(value), np.append(evidence.T @ missed / len(wanted) + pull, missed.mean())

    return np.asarray(minimize(cost, np.zeros(evidence.shape[1] + 1), jac=True).x)


def _quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(values, share)) if values else 0.5


if __name__ == "__main__":
    print(json.dumps(calibrate(Path(__file__).parent, Path(sys.argv[1])), indent=2))
