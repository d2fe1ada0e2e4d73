"""What the network's seven probabilities mean for one series, beside the classic metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.types import Assessment, Concept, Inputs, Measurement, Prediction, Role, Verdict

from . import metrics
from .regions import block, find_regions

if TYPE_CHECKING:
    from highdicom import Volume

SCHEME = "99TESSERA"
BLOCK = 96
FOREIGN = "not_brain_mri"
SPOKEN = {
    "motion_ghosting": "motion or ghosting",
    "noise": "noise",
    "bias": "uneven intensity",
    "blur": "blur",
    "spikes": "spike noise",
    "field_of_view": "head cut off or wrapped around",
    FOREIGN: "not a structural brain MRI",
}
QUANTITIES = {
    "snr": ("Signal-to-noise ratio within tissue", "1"),
    "snr_dietrich": ("Signal-to-noise ratio against air", "1"),
    "cnr": ("Contrast-to-noise ratio", "1"),
    "cjv": ("Coefficient of joint variation", "1"),
    "efc": ("Entropy focus criterion", "1"),
    "fber": ("Foreground-to-background energy ratio", "1"),
    "fwhm": ("Smoothness, full width at half maximum", "mm"),
    "shading": ("Range of slow intensity change", "1"),
    "qi1": ("Share of air voxels with artefact", "1"),
}
# Defined for every image of a head, brain extraction or not: without them nothing can be said.
NEEDED = ("snr", "cjv", "efc", "fwhm")


def predict(output: NDArray[np.floating], inputs: Inputs) -> Prediction:
    """Turn the network's output for one series into measurements and a verdict.

    Parameters
    ----------
    output : ndarray of float, shape (7,)
        Probabilities in the order of `SPOKEN`.
    inputs : pipeline.types.Inputs
        One series; its native volume is measured, `parameters` hold ``<artefact>_warn`` and
        ``<artefact>_fail``.

    Returns
    -------
    pipeline.types.Prediction
        A measurement per artefact and per metric, NaN where undefined, and one assessment.
    """
    role = next(iter(inputs.volumes))
    chances = dict(zip(SPOKEN, np.asarray(output, float).ravel().tolist(), strict=True))
    figures = measure(inputs.native.get(role, inputs.volumes[role]))
    return Prediction(
        measurements=(
            *(_probability(name, chance, role) for name, chance in chances.items()),
            *(_metric(name, figures[name], role) for name in figures),
        ),
        assessments=(assess(role, chances, figures, inputs.parameters),),
    )


def measure(volume: Volume) -> dict[str, float]:
    """The classic metrics of a volume in its own geometry; NaN where undefined."""
    spacing = (float(volume.spacing[0]), float(volume.spacing[1]), float(volume.spacing[2]))
    parts = find_regions(volume.array, spacing)
    image, bright, air = parts.image, parts.image[parts.bright], parts.image[parts.air]
    dark = image[parts.dark]
    return {
        "snr": metrics.snr(bright),
        "snr_dietrich": metrics.snr_dietrich(bright, air),
        "cnr": metrics.cnr(dark, bright, air),
        "cjv": metrics.cjv(dark, bright),
        "efc": metrics.efc(image),
        "fber": metrics.fber(image[parts.head], air),
        "fwhm": metrics.fwhm(*block(volume.array, parts, BLOCK), spacing),
        "shading": metrics.shading(image, parts.core, parts.spacing_mm),
        "qi1": metrics.qi1(image, parts.air),
    }


def assess(
    role: Role,
    chances: Mapping[str, float],
    figures: Mapping[str, float],
    parameters: Mapping[str, float],
) -> Assessment:
    """One verdict: abstain where nothing can be judged, else the worst of the artefacts.

    An image that may or may not be a brain MRI gets no verdict on its artefacts; one that surely is
    none fails. The reason names what crossed its threshold, worst first.
    """
    undefined = [name for name in NEEDED if not math.isfinite(figures[name])]
    if undefined or not all(map(math.isfinite, chances.values())):
        missing = ", ".join(undefined) or "probabilities"
        return Assessment(role, Verdict.ABSTAIN, f"cannot be judged: {missing} undefined")
    failed = crossed(chances, parameters, "fail")
    if FOREIGN in failed:
        return Assessment(role, Verdict.FAIL, _reason([FOREIGN], chances))
    warned = crossed(chances, parameters, "warn")
    if FOREIGN in warned:
        return Assessment(
            role, Verdict.ABSTAIN, "cannot be judged: perhaps " + _reason([FOREIGN], chances)
        )
    if warned:
        return Assessment(role, Verdict.FAIL if failed else Verdict.WARN, _reason(warned, chances))
    return Assessment(role, Verdict.PASS, "no artefact found")


def crossed(chances: Mapping[str, float], parameters: Mapping[str, float], grade: str) -> list[str]:
    """Artefacts at or above their threshold of this grade, likeliest first."""
    found = [
        name for name, p in chances.items() if p >= parameters.get(f"{name}_{grade}", math.inf)
    ]
    return sorted(found, key=lambda name: -chances[name])


def _reason(names: list[str], chances: Mapping[str, float]) -> str:
    return "; ".join(f"{SPOKEN[name]}, probability {chances[name]:.2f}" for name in names)


def _probability(name: str, chance: float, role: Role) -> Measurement:
    concept = Concept(f"quality.{name}", SCHEME, f"Probability of {SPOKEN[name]}")
    return Measurement(name, chance, "1", concept, role)


def _metric(name: str, value: float, role: Role) -> Measurement:
    meaning, unit = QUANTITIES[name]
    return Measurement(name, value, unit, Concept(f"quality.{name}", SCHEME, meaning), role)
