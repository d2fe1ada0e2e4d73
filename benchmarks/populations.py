"""Differences between two versions as they might be distributed: mean 0, standard deviation 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sample = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Sample]

QUALITY, SPREAD, CHANGE = (
    2.5,
    1.0,
    0.5,
)  # of the reference's logit Dice, and of the candidate's move
LOST = 0.05  # share of cases with the rare loss


@dataclass(frozen=True)
class Population:
    """Where differences are drawn from.

    Attributes
    ----------
    name : str
        As printed.
    draw : callable
        Gives an array of a shape, mean 0 and standard deviation 1, positive where better.
    promised : bool
        Whether the gate promises its alpha here.
    """

    name: str
    draw: Draw
    promised: bool = True


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> Sample:
    """No skew, no tails."""
    return rng.standard_normal(shape)


def exponential(rng: np.random.Generator, shape: tuple[int, int]) -> Sample:
    """Many small gains, few large losses: skewness -2."""
    return 1.0 - rng.standard_exponential(shape)


def lognormal(sigma: float) -> Draw:
    """Losses of an even longer tail: skewness -2.3 at sigma 0.6, -6.2 at sigma 1."""
    mean = math.exp(sigma**2 / 2)
    spread = mean * math.sqrt(math.exp(sigma**2) - 1)
    return lambda rng, shape: (mean - rng.lognormal(0.0, sigma, shape)) / spread


def heavy(rng: np.random.Generator, shape: tuple[int, int]) -> Sample:
    """Student's t with three degrees of freedom: outliers on both sides."""
    return rng.standard_t(3, shape) / math.sqrt(3)


def ceiling(rng: np.random.Generator, shape: tuple[int, int]) -> Sample:
    """Dice near its ceiling: there is little to win and much to lose.

    Both versions' Dice are logistic in a normal quality; moments by Gauss-Hermite quadrature.
    """
    quality = QUALITY + SPREAD * rng.standard_normal(shape)
    moved = quality + CHANGE * rng.standard_normal(shape)
    mean, spread = _moments()
    return (_logistic(moved) - _logistic(quality) - mean) / spread


def rare(rng: np.random.Generator, shape: tuple[int, int]) -> Sample:
    """One case in twenty loses much; the others hardly move, so most small samples miss it."""
    lost = (rng.random(shape) < LOST) - LOST
    return -lost / math.sqrt(LOST * (1 - LOST)) * 0.99 + math.sqrt(
        1 - 0.99**2
    ) * rng.standard_normal(shape)


POPULATIONS = (
    Population("normal", normal),
    Population("skewed, exponential", exponential),
    Population("skewed, lognormal 0.6", lognormal(0.6)),
    Population("heavy-tailed, t(3)", heavy),
    Population("ceiling-bounded Dice", ceiling),
    Population("lognormal 1.0", lognormal(1.0), promised=False),
    Population("rare large loss", rare, promised=False),
)


def _logistic(values: Sample) -> Sample:
    return 1.0 / (1.0 + np.exp(-values))


def _moments() -> tuple[float, float]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    quality = QUALITY + SPREAD * nodes[:, None]
    difference = _logistic(quality + CHANGE * nodes[None, :]) - _logistic(quality)
    share = np.outer(weights, weights) / weights.sum() ** 2
    mean = float((share * difference).sum())
    return mean, math.sqrt(float((share * difference**2).sum()) - mean**2)
