"""What the network's seven probabilities mean for one series, beside the classic metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.types import Assessment, Concept, Inputs, Measurement, Prediction, Role, Verdict

from . import metrics
from .detail import acutance, anisotropy, noise_level, ripple
from .ends import flat_ends
from .evidence import evidence
from .kspace import ghost, spike
from .regions import block, find_regions, middle_of
from .weigh import Judgement, weigh

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
    "noise_level": ("Noise over mean signal", "1"),
    "acutance": ("Steepness of the steepest edges", "1/mm"),
    "spike": ("Loudest k-space sample above its surroundings", "1"),
    "ghost": ("Unevenness of k-space from line to line", "1"),
    "anisotropy": ("Roughest over smoothest axis, logarithm", "1"),
    "ripple": ("Second over first differences", "1"),
    "ripple_anisotropy": ("The same, most over least of the axes, logarithm", "1"),
    "flat_feet": ("Part of the head that ends flat at the feet", "1"),
    "flat_elsewhere": ("Part of the head that ends flat elsewhere", "1"),
}
UNKNOWN = Judgement(math.nan, math.nan)
# Defined for every image of a head, brain extraction or not: without them nothing can be said.
NEEDED = ("snr", "cjv", "efc", "fwhm")


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
            *(_metric(name, figures[name], role) for name in figures),
        ),
        assessments=(assess(role, judged, figures, inputs.parameters),),
    )


def measure(volume: Volume) -> dict[str, float]:
    """The classic metrics of a volume in its own voxels, any order of axes; NaN where undefined."""
    # Where the feet are matters: a head may end flat there. Turning axes interpolates nothing.
    volume = volume.to_patient_orientation("LPS")
    spacing = (float(volume.spacing[0]), float(volume.spacing[1]), float(volume.spacing[2]))
    parts = find_regions(volume.array, spacing)
    image, bright, air = parts.image, parts.image[parts.bright], parts.image[parts.air]
    dark, (middle, inside) = image[parts.dark], block(volume.array, parts, BLOCK)
    (feet, elsewhere), ripples = flat_ends(parts.head), ripple(middle)
    return {
        "snr": metrics.snr(bright),
        "snr_dietrich": metrics.snr_dietrich(bright, air),
        "cnr": metrics.cnr(dark, bright, air),
        "cjv": metrics.cjv(dark, bright),
        "efc": metrics.efc(image),
        "fber": metrics.fber(image[parts.head], air),
        "fwhm": metrics.fwhm(middle, inside, spacing),
        "shading": metrics.shading(image, parts.core, parts.spacing_mm),
        "qi1": metrics.qi1(image, parts.air),
        "noise_level": noise_level(middle, inside),
        "acutance": acutance(middle, inside, spacing),
        "spike": spike(middle),
        "ghost": ghost(np.asarray(volume.array, np.float32), middle_of(parts)),
        "anisotropy": anisotropy(middle),
        "ripple": ripples[0],
        "ripple_anisotropy": ripples[1],
        "flat_feet": feet,
        "flat_elsewhere": elsewhere,
    }


def assess(
    role: Role,
    judged: Mapping[str, Judgement],
    figures: Mapping[str, float],
    parameters: Mapping[str, float],
) -> Assessment:
    """One verdict: abstain where nothing can be judged, else the worst of the artefacts.

    An image that may or may not be a brain MRI gets no verdict on its artefacts; one that surely is
    none fails. The reason names what crossed its threshold, most severe first.
    """
    undefined = [name for name in NEEDED if not math.isfinite(figures[name])]
    if undefined or not all(math.isfinite(found.chance) for found in judged.values()):
        missing = ", ".join(undefined) or "probabilities"
        return Assessment(role, Verdict.ABSTAIN, f"cannot be judged: {missing} undefined")
    failed, warned = failing(judged, parameters), warning(judged, parameters)
    if FOREIGN in failed:
        return Assessment(role, Verdict.FAIL, _reason([FOREIGN], judged))
    if FOREIGN in warned:
        doubt = "cannot be judged: perhaps " + _reason([FOREIGN], judged)
        return Assessment(role, Verdict.ABSTAIN, doubt)
    if warned:
        return Assessment(role, Verdict.FAIL if failed else Verdict.WARN, _reason(warned, judged))
    return Assessment(role, Verdict.PASS, "no artefact found")


def warning(judged: Mapping[str, Judgement], parameters: Mapping[str, float]) -> list[str]:
    """Artefacts likely enough to speak of, most severe first."""
    found = [n for n, j in judged.items() if j.chance >= parameters.get(f"{n}_warn", math.inf)]
    return sorted(found, key=lambda name: -judged[name].severity)


def failing(judged: Mapping[str, Judgement], parameters: Mapping[str, float]) -> list[str]:
    """Of these, the ones too severe to use the series."""
    return [
        name
        for name in warning(judged, parameters)
        if judged[name].severity >= parameters.get(f"{name}_fail", math.inf)
    ]


def _reason(names: list[str], judged: Mapping[str, Judgement]) -> str:
    return "; ".join(
        f"{SPOKEN[name]}, probability {judged[name].chance:.2f}"
        if name == FOREIGN
        else f"{SPOKEN[name]}, severity {judged[name].severity:.1f}, "
        f"probability {judged[name].chance:.2f}"
        for name in names
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
