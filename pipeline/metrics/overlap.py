"""How much two masks share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def dice(prediction: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Overlap of two masks: twice the intersection over the sum of sizes, 0 to 1, higher is better.

    Dice, Ecology 26:297 (1945). Two empty masks have no overlap to measure: NaN; one empty: 0.

    Parameters
    ----------
    prediction, truth : ndarray of bool
        Of one shape.
    """
    total = int(np.count_nonzero(prediction)) + int(np.count_nonzero(truth))
    return 2.0 * int(np.count_nonzero(prediction & truth)) / total if total else math.nan
