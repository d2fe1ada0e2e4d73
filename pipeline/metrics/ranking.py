"""How well chances tell cases apart, and how far they can be taken at their word.

All take the chance given to each case, 0 to 1, and whether it was so. They are written out, not
taken from scikit-learn, since intervals ask for them a thousand times; tests hold the two together.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]
Truth = NDArray[np.bool_]


def auroc(chances: Chances, truth: Truth) -> float:
    """Chance that a case that is so ranks above one that is not, 0 to 1, higher is better.

    Area under the ROC curve as Mann and Whitney's U / (n m), ties half; Hanley and McNeil,
    Radiology 143:29 (1982). NaN where all cases are of one kind.

    Parameters
    ----------
    chances : ndarray of float, shape (n,)
        0 to 1.
    truth : ndarray of bool, shape (n,)
        Whether it was so.
    """
    from scipy.stats import rankdata  # half a second that a bundle without chances need not pay

    checked(chances, truth)
    so = int(np.count_nonzero(truth))
    others = len(truth) - so
    if not (so and others):
        return math.nan
    return (float(rankdata(chances)[truth].sum()) - so * (so + 1) / 2) / (so * others)


def auprc(chances: Chances, truth: Truth) -> float:
    """Average precision over the ranks, 0 to 1, higher is better; chance level is the prevalence.

    sum of (R_i - R_(i-1)) P_i over falling thresholds, no interpolation; Davis and Goadrich, ICML
    (2006). NaN where no case is so.

    Parameters
    ----------
    chances, truth
        As `auroc`.
    """
    checked(chances, truth)
    if not truth.any():
        return math.nan
    order = np.argsort(-chances, kind="stable")
    falling, hits = chances[order], np.cumsum(truth[order])
    last = np.flatnonzero(np.append(np.diff(falling) != 0, True))  # tied cases enter together
    recall, precision = hits[last] / hits[-1], hits[last] / (last + 1)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def brier(chances: Chances, truth: Truth) -> float:
    """Mean squared error of the chances, 0 to 1, lower is better; NaN without a case.

    Brier, Monthly Weather Review 78:1 (1950), for one kind of event.

    Parameters
    ----------
    chances, truth
        As `auroc`.
    """
    checked(chances, truth)
    return float(np.mean((chances - truth) ** 2)) if len(truth) else math.nan


def calibration_error(chances: Chances, truth: Truth, bins: int = 10) -> float:
    """Expected calibration error, 0 to 1, lower is better; NaN without a case.

    sum over bins of equal width of n_b / n |mean chance - share that was so|; Guo et al., ICML
    (2017). It is biased upwards on few cases: compare it only on the same cases.

    Parameters
    ----------
    chances, truth
        As `auroc`.
    bins : int
        Number of bins over 0 to 1.
    """
    checked(chances, truth)
    if not len(truth):
        return math.nan
    place = np.minimum((chances * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=chances - truth, minlength=bins)
    return float(np.abs(gaps).sum() / len(truth))


def checked(chances: Chances, truth: Truth) -> None:
    """Raise ValueError unless there is one chance from 0 to 1 for each truth."""
    if chances.shape != truth.shape or chances.ndim != 1:
        raise ValueError(f"chances of shape {chances.shape} for truth of shape {truth.shape}")
    if not np.all((chances >= 0) & (chances <= 1)):
        raise ValueError("a chance is not between 0 and 1")
