"""What the network's seven probabilities mean for one series, beside the classic metrics."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pipeline.types import Concept, Inputs, Measurement, Prediction, Role

from .figures.measure import QUANTITIES, measure
from .judge.evidence import evidence
from .judge.outputs import FOREIGN, SPOKEN
from .judge.verdict import assess
from .judge.weigh import Judgement, weigh

SCHEME = "99TESSERA"
UNKNOWN = Judgement(math.nan, math.nan)


def predict(output: NDArray[np.floating], inputs: Inputs) -> Prediction:
    """Weigh the network's output for one series with its metrics: measurements and a verdict.

    Parameters
    ----------
    output : ndarray of float, shape (7,)
        Probabilities in the order of `SPOKEN`, the network's own.
    inputs : pipeline.types.Inputs
        One series; its native volume is measured, `parameters` hold the weights of the evidence
        and ``<artefact>_warn``, a chance, and ``<artefact>_fail``, a severity.

    Returns
    -------
    pipeline.types.Prediction
        A chance and a severity per artefact, every metric, NaN where undefined, one assessment.
    """
    role = next(iter(inputs.volumes))
    volume = inputs.native.get(role, inputs.volumes[role])
    figures = measure(volume)
    said = dict(zip(SPOKEN, np.asarray(output, float).ravel().tolist(), strict=True))
    judged = dict.fromkeys(SPOKEN, UNKNOWN)
    if all(map(math.isfinite, said.values())):
        judged = weigh(evidence(said, figures, volume.spacing), inputs.parameters)
    return Prediction(
        measurements=(
            *(_probability(name, judgement.chance, role) for name, judgement in judged.items()),
            *(_severity(n, judged[n].severity, role) for n in judged if n != FOREIGN),
            *(_metric(name, figures[name], role) for name in QUANTITIES),
        ),
        assessments=(assess(role, judged, figures, inputs.parameters),),
    )


def _probability(name: str, chance: float, role: Role) -> Measurement:
    concept = Concept(f"quality.{name}", SCHEME, f"Probability of {SPOKEN[name]}")
    return Measurement(name, chance, "1", concept, role)


def _severity(name: str, severity: float, role: Role) -> Measurement:
    concept = Concept(f"quality.{name}.severity", SCHEME, f"Severity of {SPOKEN[name]}")
    return Measurement(f"{name}_severity", severity, "1", concept, role)


def _metric(name: str, value: float, role: Role) -> Measurement:
    meaning, unit = QUANTITIES[name]
    return Measurement(name, value, unit, Concept(f"quality.{name}", SCHEME, meaning), role)
