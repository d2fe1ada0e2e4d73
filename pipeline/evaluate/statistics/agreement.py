"""How well two versions agree on a volume."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from pipeline.evaluation.comparison import Agreement

WIDTH = 1.96


def bland_altman(metric: str, differences: Iterable[float]) -> Agreement:
    """Bias and 95 % limits of agreement: mean and mean ± 1.96 s of the differences.

    Bland and Altman, Lancet 327:307 (1986).

    Parameters
    ----------
    metric : str
        Such as ``volume/whole``.
    differences : iterable of float
        Candidate minus reference by case, ml; no NaN. With fewer than two the limits are NaN.
    """
    found = np.array(list(differences), np.float64)
    bias = float(found.mean()) if len(found) else math.nan
    reach = WIDTH * float(found.std(ddof=1)) if len(found) > 1 else math.nan
    return Agreement(metric, bias, bias - reach, bias + reach, len(found))
