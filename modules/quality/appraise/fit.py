"""Weights, chances and thresholds from trials whose truth is known: arithmetic alone."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from ..judge.evidence import NAMES
from ..judge.outputs import FOREIGN, OUTPUTS
from ..judge.weigh import standardised
from .trial import PHANTOM, Trial

# All phantoms are made on one grid: its voxels must not tell them from heads.
UNTOLD = {FOREIGN: ("thickest_mm", "finest_mm")}
# An artefact counts as there from this severity on.
THERE = 0.35
SEVERE = 0.8
# Share of clean series that may be warned of where else more than a share of the severe artefacts
# would be missed. Real series often end a little inside the head: cut off is only what surely is.
ALARMED, MISSED, MISSED_OF = 0.02, 0.15, {"field_of_view": 0.3}
# Share of severe artefacts that shall fail where clean series allow it.
SENSITIVITY = 0.98
NOTHING_KNOWN = 0.5
# No warning at a lower chance, no failure at a milder severity (of what may not be there at all,
# severities are said to be mild).
LEAST_CHANCE, LEAST_SEVERITY = 0.3, 0.15
# Thresholds lie so much above what clean series reach.
ABOVE = 0.001
# Of 0.0003 to 0.02 best by cross-validation over the training people; all near it are as good.
STIFFNESS = 0.01
Line = NDArray[np.float64]
Weighed = tuple[Trial, Mapping[str, float]]
FOLDS = 8


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


def held_out(trials: Sequence[Trial], more: Sequence[Trial] = ()) -> Iterator[Weighed]:
    """Each trial with weights that were fitted to other people's, and to those of `more`."""
    for fold in sorted({_fold(trial) for trial in trials}):
        found = weights([trial for trial in (*trials, *more) if _fold(trial) != fold])
        yield from ((trial, found) for trial in trials if _fold(trial) == fold)


def chances(weighed: Iterable[Weighed]) -> dict[str, float]:
    """Slope and shift that turn each output's line into the chance that the artefact is there.

    By Platt's method, of trials beside weights that were not fitted to them.
    """
    plain = {f"{output}/slope": 1.0 for output in OUTPUTS}
    plain |= {f"{output}/shift": 0.0 for output in OUTPUTS}
    trials, judged = [], []
    for trial, parameters in weighed:
        trials.append(trial)
        judged.append(trial.judged({**parameters, **plain}))
    found = {}
    for output in OUTPUTS:
        known, wanted = _answers(trials, output)
        said = np.array([judged[i][output].severity for i in np.flatnonzero(known)])
        score = np.log(np.clip(said, 1e-6, 1 - 1e-6) / np.clip(1 - said, 1e-6, 1))
        slope, shift = _fit(score[:, None], (wanted >= THERE).astype(float), stiffness=1e-3)
        found |= {f"{output}/slope": max(float(slope), 0.05), f"{output}/shift": float(shift)}
    return found


def limits(weighed: Iterable[Weighed]) -> dict[str, float]:
    """Where to warn, by chance, and where to fail, by severity.

    Of trials beside weights that were not fitted to them. None of the clean series shall be warned
    of, but where that would cost more than `MISSED` of the severe artefacts, up to `ALARMED` of
    them may (`MISSED_OF`: other shares). A failure is also a severity that nearly all severe
    artefacts reach.
    """
    judged = [(trial, trial.judged(parameters)) for trial, parameters in weighed]
    clean = [found for trial, found in judged if not trial.severities and not trial.foreign]
    limit = {}
    for output in OUTPUTS:
        severe = [j[output] for t, j in judged if _severity(t, output) >= SEVERE]
        chances, severities = ([j.chance for j in severe], [j.severity for j in severe])
        missed = MISSED_OF.get(output, MISSED)
        warn = _limit([j[output].chance for j in clean], chances, missed)
        fail = _limit([j[output].severity for j in clean], severities, missed)
        most = _quantile(severities, 1 - SENSITIVITY, default=NOTHING_KNOWN)
        limit |= {f"{output}_warn": max(LEAST_CHANCE, warn)}
        limit |= {f"{output}_fail": max(LEAST_SEVERITY, fail, most)}
    return limit


def _limit(clean: Sequence[float], severe: Sequence[float], missed: float) -> float:
    above = max(clean) + ABOVE
    return max(_quantile(clean, 1 - ALARMED), min(above, _quantile(severe, missed, default=above)))


def _fold(trial: Trial) -> int:
    return zlib.crc32(_whose(trial).encode()) % FOLDS


def _whose(trial: Trial) -> str:
    return trial.image if trial.person == PHANTOM else trial.person


def _answers(trials: Sequence[Trial], output: str) -> tuple[NDArray[np.bool_], Line]:
    """Which trials say something of an output, and its severity in those."""
    last = output == FOREIGN
    known = np.array([last or not trial.foreign for trial in trials])
    wanted = np.array([_severity(trial, output) for trial in trials])
    return known, wanted[known]


def _severity(trial: Trial, output: str) -> float:
    return float(trial.foreign) if output == FOREIGN else trial.severities.get(output, 0.0)


def _fit(evidence: Line, wanted: Line, stiffness: float = STIFFNESS) -> Line:
    """Weights and, last, offset of a logistic regression on targets from 0 to 1."""

    def cost(line: Line) -> tuple[float, Line]:
        score = evidence @ line[:-1] + line[-1]
        missed = expit(score) - wanted
        pull = stiffness * line[:-1]
        value = np.mean(np.logaddexp(0, score) - wanted * score) + pull @ line[:-1] / 2
        return float(value), np.append(evidence.T @ missed / len(wanted) + pull, missed.mean())

    return np.asarray(minimize(cost, np.zeros(evidence.shape[1] + 1), jac=True).x)


def _quantile(values: Sequence[float], share: float, default: float = math.nan) -> float:
    return float(np.quantile(values, share)) if len(values) else default
