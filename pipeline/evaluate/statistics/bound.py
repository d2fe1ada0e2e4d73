"""Where a mean lies at least: a studentised bootstrap bound that keeps its promise on few cases.

Student's bound is too bold where losses are rare and large: with twelve cases the sample often
holds none of them, looks good and looks certain at once. The bootstrap sees only what was sampled,
so it inherits the fault (`python -m benchmarks.gate` prints both beside this bound).
The bound here steps back by the larger of two critical values: the sample's own, by bootstrap-t
(Hall, Annals of Statistics 16:927, 1988), and one calibrated on losses of skewness 2.6, below
which no sample of this size is trusted. What never happened in n cases stays unseen by any method:
an event in up to 1 - alpha^(1/n) of all cases is compatible with none in n.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Values = NDArray[np.float64]

RESAMPLES = 2000
CALIBRATION = 50_000
SHAPE = 0.6  # of the gamma distribution losses are calibrated on; skewness 2 / root 0.6 = 2.6
LARGE = 64  # beyond it the skewness correction is scaled by its leading order, one over root n
MOST = 2.0  # times the calibrated value; a resample without spread would ask for infinity


def lower_bound(values: Values, alpha: float) -> Values:
    """Bound that the mean exceeds with confidence 1 - alpha, also for skewed values and few cases.

    mean - c s / sqrt(n), c the bootstrap-t quantile held between the calibrated critical value and
    twice that.

    Parameters
    ----------
    values : ndarray of float, shape (..., n)
        One a case, the last axis over cases; no NaN.
    alpha : float
        Chance of error, one-sided, above 0 and below 0.5.

    Returns
    -------
    ndarray of float, shape (...)
        Minus infinity for fewer than two cases; the mean itself where all values are equal.
    """
    number = values.shape[-1]
    if number < 2:
        return np.full(values.shape[:-1], -np.inf)
    least = critical(number, alpha)
    steps = np.clip(bootstrap_t(values, 1 - alpha), least, MOST * least)
    bound: Values = values.mean(axis=-1) - steps * standard_error(values)
    return bound


def upper_bound(values: Values, alpha: float) -> Values:
    """Bound that the mean stays under with confidence 1 - alpha; the mirror of `lower_bound`."""
    return -lower_bound(-values, alpha)


def standard_error(values: Values) -> Values:
    """Standard error of the mean over the last axis; exactly 0 where all values are equal."""
    spread = values.std(axis=-1, ddof=1)
    tiny = 1e-12 * np.maximum(1.0, np.abs(values).max(axis=-1))
    error: Values = np.where(spread > tiny, spread, 0.0) / math.sqrt(values.shape[-1])
    return error


def bootstrap_t(values: Values, level: float) -> Values:
    """Quantile of the studentised mean over resamples of the cases, one for each leading index.

    A resample whose values are all equal has no standard error; it counts as plus or minus
    infinity, by the side its mean is on.

    Parameters
    ----------
    values : ndarray of float, shape (..., n)
        As `lower_bound`.
    level : float
        Of the quantile, 0 to 1.
    """
    number = values.shape[-1]
    shares = resamples(number)
    centred = values - values.mean(axis=-1, keepdims=True)
    means = centred @ shares.T
    variances = (centred**2) @ shares.T
    variances -= means**2
    tiny = 1e-9 * np.abs(centred).max(axis=-1, keepdims=True)
    flat = variances <= tiny**2
    away = np.where(np.abs(means[flat]) <= _like(tiny, flat), 0.0, np.inf)
    away = np.copysign(away, means[flat])
    variances[flat] = 1.0
    studentised = np.divide(means, np.sqrt(variances, out=variances), out=means)
    studentised *= math.sqrt(number - 1)
    studentised[flat] = away
    rank = math.ceil(level * (RESAMPLES - 1))
    return np.partition(studentised, rank, axis=-1)[..., rank]


def _like(column: Values, chosen: NDArray[np.bool_]) -> Values:
    return np.broadcast_to(column, chosen.shape)[chosen]


@lru_cache(maxsize=8)
def resamples(number: int) -> Values:
    """Share of each case in each resample, shape (RESAMPLES, n), the same for every n at all times.

    A fixed draw makes bounds deterministic, and two versions are compared on the same resamples.
    """
    rng = np.random.default_rng(number)
    counts = rng.multinomial(number, np.full(number, 1 / number), size=RESAMPLES)
    shares: Values = counts / number
    return shares


@lru_cache(maxsize=512)
def critical(number: int, alpha: float) -> float:
    """Upper alpha quantile of the studentised mean of n gamma-distributed losses, shape 0.6.

    More skewed than an exponential loss (2), so that this one is held with some room. Simulated,
    with the error of 50 000 draws.

    Parameters
    ----------
    number : int
        Cases, from 2.
    alpha : float
        As `lower_bound`.
    """
    if number > LARGE:
        normal = float(-ndtri(alpha))
        return normal + (critical(LARGE, alpha) - normal) * math.sqrt(LARGE / number)
    rng = np.random.default_rng(0)
    gains = SHAPE - rng.standard_gamma(SHAPE, (CALIBRATION, number))
    return float(np.quantile(gains.mean(axis=-1) / standard_error(gains), 1 - alpha))
