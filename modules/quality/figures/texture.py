"""How detail of each fineness is spread over the head: along edges alone, or everywhere.

Anatomy is sparse: most of the head is even, detail sits on its edges. Movement, ghosts and noise
leave ripples everywhere. Both can hold the same energy, so that what tells them apart is the shape
of its distribution, which no contrast, coil or scaling changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .waves import BANDS, Answers

STATISTICS = ("level", "spread", "peaks")
NAMES = tuple(
    f"texture.{statistic}.{kind}.{band}"
    for statistic in STATISTICS
    for kind in ("mean", "range")
    for band in range(len(BANDS))
)


def texture(found: Answers | None) -> dict[str, float]:
    """Statistics of the waves' answers inside the head; unit 1, NaN for too small a head.

    ``level``, the logarithm of their root mean square over the mean signal; ``spread``, of their
    mean magnitude over the root mean square, high where detail is everywhere; ``peaks``, of their
    kurtosis, high where it is on few edges. Each as the mean over the axes and the range.
    """
    if found is None:
        return dict.fromkeys(NAMES, math.nan)
    each = np.array([[_statistics(v[found.inside]) for v in axis] for axis in found.values])
    both = np.stack((each.mean(0), np.ptp(each, axis=0)))
    return dict(zip(NAMES, both.transpose(2, 0, 1).ravel().tolist(), strict=True))


def _statistics(values: NDArray[np.float32]) -> tuple[float, float, float]:
    values = values - values.mean()
    square = np.square(values)
    power = max(float(square.mean()), 1e-12)
    spread = max(float(np.abs(values).mean()), 1e-9) / math.sqrt(power)
    peaks = max(float(np.square(square).mean()) / power**2, 1.0)
    return math.log(math.sqrt(power)), math.log(spread), math.log(peaks)
