"""What each tissue's signal is in each pulse sequence, from its relaxation times."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

# Longitudinal relaxivity of gadobutrol in plasma, per mmol/l and second; Rohrer et al., Invest
# Radiol 40:715 (2005).
RELAXIVITY = 5.0


class Tissue(IntEnum):
    """What a head is made of here: healthy brain, then tumour, then what surrounds them."""

    CSF = 0
    GREY = 1
    WHITE = 2
    OEDEMA = 3
    CORE = 4
    ENHANCING = 5
    AIR = 6
    SKULL = 7
    MARROW = 8
    FAT = 9
    MUSCLE = 10
    EYE = 11
    BLOOD = 12


@dataclass(frozen=True)
class Relaxation:
    """Proton density relative to water, relaxation times at 1.5 T and at 3 T in ms.

    `uptake` is the tissue's concentration of contrast agent after injection, mmol/l.
    """

    density: float
    t1_ms: tuple[float, float]
    t2_ms: tuple[float, float]
    uptake: float = 0.0


@dataclass(frozen=True)
class Sequence:
    """How signal is weighted.

    Attributes
    ----------
    kind : str
        ``SE`` spin echo, ``IR`` inversion recovery with spin-echo readout, ``GR`` gradient echo.
    repetition_ms, echo_ms, inversion_ms : float
        TR, (effective) TE, TI; TI is 0 without inversion.
    tesla : float
        1.5 or 3.
    agent : bool
        After injection of a contrast agent.
    """

    kind: str
    repetition_ms: float
    echo_ms: float
    inversion_ms: float = 0.0
    tesla: float = 3.0
    agent: bool = False


# Rounded from: grey and white matter at 3 T, Wansapura et al., J Magn Reson Imaging 9:531 (1999);
# densities, BrainWeb, Kwan et al., IEEE Trans Med Imaging 18:1085 (1999); CSF's T1, Lin et al.,
# Proc ISMRM 9:1391 (2001); muscle, Stanisz et al., Magn Reson Med 54:507 (2005); T1 of fat and
# marrow, Gold et al., AJR 183:343 (2004). The rest is chosen to look right, not measured: brain at
# 1.5 T, tumour (longer than grey matter in both times, as gliomas are), eye, blood, skull, uptake.
PROPERTIES: dict[Tissue, Relaxation] = {
    Tissue.CSF: Relaxation(1.0, (4160, 4160), (900, 900)),
    Tissue.GREY: Relaxation(0.86, (950, 1331), (92, 85), 0.02),
    Tissue.WHITE: Relaxation(0.77, (600, 832), (76, 74), 0.01),
    Tissue.OEDEMA: Relaxation(0.90, (1250, 1650), (190, 180), 0.02),
    Tissue.CORE: Relaxation(0.96, (2200, 2600), (260, 240), 0.03),
    Tissue.ENHANCING: Relaxation(0.90, (1150, 1500), (135, 125), 0.55),
    Tissue.AIR: Relaxation(0.0, (1000, 1000), (1000, 1000)),
    Tissue.SKULL: Relaxation(0.12, (600, 800), (12, 10)),
    Tissue.MARROW: Relaxation(0.45, (288, 365), (90, 90)),
    Tissue.FAT: Relaxation(0.65, (288, 371), (100, 100)),
    Tissue.MUSCLE: Relaxation(0.85, (1008, 1412), (44, 50), 0.15),
    Tissue.EYE: Relaxation(1.0, (3600, 3900), (700, 700)),
    Tissue.BLOOD: Relaxation(0.40, (1440, 1930), (150, 120), 1.0),
}


def signal(sequence: Sequence, tissue: Tissue) -> float:
    """Signal of a voxel full of `tissue`, relative to fully relaxed water.

    Without inversion rho (1 - exp(-TR/T1)) exp(-TE/T2), with it
    rho (1 - 2 exp(-TI/T1) + exp(-TR/T1)) exp(-TE/T2), negative before the null point; Haacke et
    al., Magnetic Resonance Imaging (1999), chapter 8. The inversion-prepared gradient echo is taken
    in its limit of small flip angles, with T2 in place of T2*, which its short echo hardly tells
    apart; a plain gradient echo (the localizer) as a spin echo. A contrast agent shortens T1:
    1/T1 = 1/T1(0) + r1 C.
    """
    relaxation = PROPERTIES[tissue]
    strong = int(sequence.tesla > 2)
    t1, t2 = relaxation.t1_ms[strong], relaxation.t2_ms[strong]
    if sequence.agent:
        t1 = 1 / (1 / t1 + RELAXIVITY * relaxation.uptake / 1000)
    recovered = 1 - np.exp(-sequence.repetition_ms / t1)
    if sequence.inversion_ms:
        recovered = 2 * (1 - np.exp(-sequence.inversion_ms / t1)) - recovered
    return float(relaxation.density * recovered * np.exp(-sequence.echo_ms / t2))


def signals(sequence: Sequence) -> NDArray[np.float32]:
    """Signal of every tissue, shape (tissue,), in the order of `Tissue`."""
    return np.array([signal(sequence, tissue) for tissue in Tissue], np.float32)
