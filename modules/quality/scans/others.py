"""The same defects as other programs simulate them (TorchIO, MONAI): for tests alone.

Nothing is learnt or fitted from these, so that they tell whether a defect was learnt or our way of
making it; TorchIO's movements of training people were looked at when figures.agreement and
figures.continuation were thought of. TorchIO comes with the extra ``develop``; Pérez-García et al.,
Computer Methods and Programs in Biomedicine 208:106236, 2021.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import torch

from .native import Scan

# TorchIO draws from torch's one generator, which all threads share.
SEEDED = Lock()
# What the programs are told at severity 0 and 1; their units, as the names say.
MOTION_DEGREES, MOTION_MM = (2.0, 10.0), (2.0, 10.0)
GHOST_INTENSITY, SPIKE_INTENSITY = (0.3, 1.0), (0.2, 1.2)
NOISE_DEVIATION, BIAS_COEFFICIENT, BLUR_MM = (0.02, 0.25), (0.2, 0.9), (0.6, 2.4)


def spoil_otherwise(clean: Scan, artefact: str, severity: float, seed: int) -> Scan:
    """Add one artefact by another program's hand; brain extraction follows it.

    Raises
    ------
    KeyError
        No other program simulates this artefact.
    """
    image = _transformed(MAKERS[artefact](severity), clean, seed)
    return replace(clean, image=image * (clean.image > 0) if clean.stripped else image)


def _between(ends: tuple[float, float], severity: float) -> float:
    return ends[0] + severity * (ends[1] - ends[0])


def _motion(severity: float) -> Any:
    import torchio

    degrees, millimetres = _between(MOTION_DEGREES, severity), _between(MOTION_MM, severity)
    return torchio.RandomMotion(
        degrees=(0.5 * degrees, degrees), translation=(0.5 * millimetres, millimetres)
    )


def _ghosting(severity: float) -> Any:
    import torchio

    intensity = _between(GHOST_INTENSITY, severity)
    return torchio.RandomGhosting(intensity=(intensity, intensity))


def _spikes(severity: float) -> Any:
    import torchio

    intensity = _between(SPIKE_INTENSITY, severity)
    return torchio.RandomSpike(intensity=(intensity, intensity))


def _noise(severity: float) -> Any:
    from monai.transforms import RandRicianNoise

    return RandRicianNoise(1.0, std=_between(NOISE_DEVIATION, severity), sample_std=False)


def _bias(severity: float) -> Any:
    import torchio

    return torchio.RandomBiasField(coefficients=_between(BIAS_COEFFICIENT, severity))


def _blur(severity: float) -> Any:
    import torchio

    width = _between(BLUR_MM, severity)
    return torchio.RandomBlur(std=(width, width))


MAKERS: dict[str, Callable[[float], Any]] = {
    "motion": _motion,
    "ghosting": _ghosting,
    "spikes": _spikes,
    "noise": _noise,
    "bias": _bias,
    "blur": _blur,
}


def _transformed(transform: Any, clean: Scan, seed: int) -> np.ndarray:
    channel = torch.from_numpy(np.ascontiguousarray(clean.image))[None]
    if hasattr(transform, "set_random_state"):
        done = transform.set_random_state(seed)(channel)[0]
    else:
        import torchio

        affine = np.diag([*clean.spacing_mm, 1.0])
        with SEEDED:
            torch.manual_seed(seed)
            done = transform(torchio.ScalarImage(tensor=channel, affine=affine)).data[0]
    return np.abs(np.asarray(done, np.float32))
