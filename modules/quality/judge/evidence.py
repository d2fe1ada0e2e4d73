"""All that is known of a series before it is judged, on scales that can be weighed together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..figures import agreement, continuation, texture
from .outputs import OUTPUTS

LEAST_CHANCE = 1e-4
# Figures whose ratios count: their logarithm, of the figure plus this.
RATIOS = {
    "noise_level": 1e-3,
    "acutance": 1e-2,
    "fwhm": 1e-2,
    "ghost": 3e-3,
    "shading": 1e-2,
    "snr": 1e-2,
    "cjv": 1e-2,
    "fber": 1.0,
    "qi1": 1e-3,
}
PLAIN = (
    *("spike", "efc", "flat_feet", "flat_elsewhere"),
    *("anisotropy", "ripple", "ripple_anisotropy"),
    *texture.NAMES,
    *agreement.NAMES,
    *continuation.NAMES,
)
NAMES = (
    *(f"network.{name}" for name in OUTPUTS),
    *RATIOS,
    *PLAIN,
    *("thickest_mm", "finest_mm", "no_air"),
)


def evidence(
    chances: Mapping[str, float], figures: Mapping[str, float], spacing_mm: Sequence[float]
) -> dict[str, float]:
    """One number for each of NAMES; NaN where a figure is undefined.

    Parameters
    ----------
    chances : mapping of str to float
        The network's probability of each output.
    figures : mapping of str to float
        The classic metrics, texture, agreement and continuation.
    spacing_mm : sequence of float
        Sides of the series' voxels.
    """
    found = {f"network.{name}": _logit(chances[name]) for name in OUTPUTS}
    found |= {name: _log(figures[name] + least) for name, least in RATIOS.items()}
    found |= {name: figures[name] for name in PLAIN}
    found |= {"thickest_mm": math.log(max(spacing_mm)), "finest_mm": math.log(min(spacing_mm))}
    # Brain extraction empties the air, and with it what is measured there.
    found["no_air"] = float(not math.isfinite(figures["fber"]))
    return found


def _logit(chance: float) -> float:
    held = min(max(chance, LEAST_CHANCE), 1 - LEAST_CHANCE)
    return math.log(held / (1 - held))


def _log(value: float) -> float:
    return math.log(value) if value > 0 else math.nan
