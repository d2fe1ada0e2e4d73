"""Weights and chances from trials whose truth is known: arithmetic alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit

from ..figures import continuation
from ..judge.evidence import NAMES
from ..judge.outputs import FOREIGN, MOVED, OUTPUTS
from ..judge.weigh import standardised
from .trial import Trial

# How far detail goes on tells of movement. Of other artefacts it says what happens to be so.
UNTOLD = {output: continuation.NAMES for output in OUTPUTS if output != MOVED}
# All phantoms are made on one grid: its voxels must not tell them from heads.
UNTOLD[FOREIGN] = (*UNTOLD[FOREIGN], "thickest_mm", "finest_mm")
# An artefact counts as there from this severity on.
THERE = 0.35
# Of 0.0003 to 0.02 best by cross-validation over the training people; all near it are as good.
STIFFNESS = 0.01
Line = NDArray[np.float64]
Weighed = tuple[Trial, Mapping[str, float]]
FOLDS = 8


def weights(trials: Sequence[Trial], moved: Sequence[Trial] = ()) -> dict[str, float]:
    """Means and deviations of the evidence, and a line for each output.

    The logistic function of the line is what comes nearest to the severities; ridge regression
    keeps the line short. `moved` are learnt from as well, but of movement alone, and not how common
    it is: the line's offset is that of `trials`.
    """
    table, more = _table(trials), _table(moved)
    known = [column[np.isfinite(column)] for column in table.T]
    means = [float(column.mean()) if column.size else 0.0 for column in known]
    deviations = [max(float(column.std()), 1e-3) if column.size else 1.0 for column in known]
    usual, also = (_usual(rows, means, deviations) for rows in (table, more))
    found = {f"mean/{name}": value for name, value in zip(NAMES, means, strict=True)}
    found |= {f"deviation/{name}": value for name, value in zip(NAMES, deviations, strict=True)}
    for output in OUTPUTS:
        told, wanted = _answers(trials, output)
        seen = np.array([name not in UNTOLD.get(output, ()) for name in NAMES])
        line = _fit(usual[told] * seen, wanted)
        if output == MOVED and len(moved):
            line = _with(also, _answers(moved, output)[1], usual[told], wanted)
        found |= {f"{output}/{n}": float(w) for n, w in zip(NAMES, line[:-1], strict=True)}
        found[f"{output}/offset"] = float(line[-1])
    return found


def _table(trials: Sequence[Trial]) -> Line:
    rows = [[trial.evidence[name] for name in NAMES] for trial in trials]
    return np.array(rows, float).reshape(-1, len(NAMES))


def _usual(table: Line, means: Sequence[float], deviations: Sequence[float]) -> Line:
    rows = [[standardised(*c) for c in zip(row, means, deviations, strict=True)] for row in table]
    return np.array(rows).reshape(table.shape)


def _with(also: Line, severities: Line, usual: Line, wanted: Line) -> Line:
    """A line that more series were fitted to; their share of movements moves its offset not."""
    line = _fit(np.concatenate((usual, also)), np.append(wanted, severities))
    score, mean = usual @ line[:-1], np.clip(wanted.mean(), 1e-6, 1 - 1e-6)
    line[-1] = brentq(lambda offset: expit(score + offset).mean() - mean, -50, 50)
    return line


def held_out(trials: Sequence[Trial], moved: Sequence[Trial] = ()) -> Iterator[Weighed]:
    """Each trial with weights that were fitted to other people's, and other people's `moved`."""
    for fold in sorted({_fold(trial) for trial in trials}):
        others, more = ([t for t in some if _fold(t) != fold] for some in (trials, moved))
        found = weights(others, more)
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


def _fold(trial: Trial) -> int:
    return zlib.crc32(trial.whose.encode()) % FOLDS


def _answers(trials: Sequence[Trial], output: str) -> tuple[NDArray[np.bool_], Line]:
    """Which trials say something of an output, and its severity in those."""
    last = output == FOREIGN
    known = np.array([last or not trial.foreign for trial in trials], bool)
    wanted = np.array([trial.severity(output) for trial in trials], float)
    return known, wanted[known]


def _fit(evidence: Line, wanted: Line, stiffness: float = STIFFNESS) -> Line:
    """Weights and, last, offset of a logistic regression on targets from 0 to 1."""

    def cost(line: Line) -> tuple[float, Line]:
        score = evidence @ line[:-1] + line[-1]
        missed = expit(score) - wanted
        pull = stiffness * line[:-1]
        value = np.mean(np.logaddexp(0, score) - wanted * score) + pull @ line[:-1] / 2
        return float(value), np.append(evidence.T @ missed / len(wanted) + pull, missed.mean())

    return np.asarray(minimize(cost, np.zeros(evidence.shape[1] + 1), jac=True).x)
