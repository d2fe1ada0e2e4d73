"""One verdict on a series, and the reason for it in words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pipeline.types import Assessment, Role, Verdict

from .outputs import FOREIGN, SPOKEN
from .weigh import Judgement

# Defined for every image of a head, brain extraction or not: without them nothing can be said.
NEEDED = ("snr", "cjv", "efc", "fwhm")


def assess(
    role: Role,
    judged: Mapping[str, Judgement],
    figures: Mapping[str, float],
    parameters: Mapping[str, float],
) -> Assessment:
    """One verdict: abstain where nothing can be judged, else the worst of the artefacts.

    One that surely is no brain MRI fails; one that may be none fails for its artefacts, or gets no
    verdict. The reason names what crossed its threshold, most severe first.
    """
    if not all(math.isfinite(found.chance) for found in judged.values()):
        return Assessment(role, Verdict.ABSTAIN, "cannot be judged: probabilities undefined")
    failed, warned = failing(judged, parameters), warning(judged, parameters)
    # What is no brain is often what metrics of a brain are not defined for.
    if FOREIGN in failed:
        return Assessment(role, Verdict.FAIL, _reason([FOREIGN], judged))
    undefined = ", ".join(name for name in NEEDED if not math.isfinite(figures[name]))
    if undefined:
        return Assessment(role, Verdict.ABSTAIN, f"cannot be judged: {undefined} undefined")
    if failed:
        return Assessment(role, Verdict.FAIL, _reason(warned, judged))
    if FOREIGN in warned:
        doubt = "cannot be judged: perhaps " + _reason([FOREIGN], judged)
        return Assessment(role, Verdict.ABSTAIN, doubt)
    if warned:
        return Assessment(role, Verdict.WARN, _reason(warned, judged))
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
