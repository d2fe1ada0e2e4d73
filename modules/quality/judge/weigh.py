"""From evidence to severity and chance: one line an artefact, whose weights are the bundle's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .evidence import NAMES
from .outputs import OUTPUTS

# Beyond this many deviations evidence counts no more: what was never seen shall not decide alone.
FURTHEST = 4.0


@dataclass(frozen=True)
class Judgement:
    """Of one artefact: how likely it is there, and how severe, both 0 to 1."""

    chance: float
    severity: float


def weigh(evidence: Mapping[str, float], parameters: Mapping[str, float]) -> dict[str, Judgement]:
    """Judge each output.

    Parameters
    ----------
    evidence : mapping of str to float
        From `evidence`; what is undefined counts as usual.
    parameters : mapping of str to float
        ``mean/E`` and ``deviation/E`` of each evidence E; for each output O ``O/E``, ``O/offset``,
        whose logistic function is the severity, and ``O/slope``, ``O/shift``, which turn the same
        line into the chance.
    """
    usual = {name: _usual(evidence[name], name, parameters) for name in NAMES}
    return {name: _judge(name, usual, parameters) for name in OUTPUTS}


def standardised(value: float, mean: float, deviation: float) -> float:
    """Deviations from the mean, held at `FURTHEST`; 0 for what is undefined."""
    if not math.isfinite(value):
        return 0.0
    return min(max((value - mean) / deviation, -FURTHEST), FURTHEST)


def logistic(score: float) -> float:
    """1 / (1 + e^-score) without overflow."""
    return 0.5 * (1 + math.tanh(score / 2))


def _usual(value: float, name: str, parameters: Mapping[str, float]) -> float:
    return standardised(value, parameters[f"mean/{name}"], parameters[f"deviation/{name}"])


def _judge(output: str, usual: Mapping[str, float], parameters: Mapping[str, float]) -> Judgement:
    score = parameters[f"{output}/offset"] + sum(
        parameters[f"{output}/{name}"] * value for name, value in usual.items()
    )
    chance = logistic(parameters[f"{output}/slope"] * score + parameters[f"{output}/shift"])
    return Judgement(chance, logistic(score))
