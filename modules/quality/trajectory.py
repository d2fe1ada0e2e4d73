"""When a scanner reads each line of k-space, and where the head is by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Poses of one scan beside that at rest; each costs one more image of the head.
MOST = 4
Times = NDArray[np.float64]
Table = NDArray[np.int64]
Path = Callable[[Times, np.random.Generator], Table]


@dataclass(frozen=True)
class Kind:
    """A way of moving.

    Attributes
    ----------
    path : callable
        ``path(when, rng)`` gives the number of the pose, 0 to `MOST`, at each of some times.
    odds : float
        How often it is drawn.
    along : bool
        Whether the poses lie evenly on one way, or anywhere.
    """

    path: Path
    odds: float
    along: bool


def times(lines: int, rng: np.random.Generator) -> Times:
    """When each line is read, 0 to 1, from the most negative frequency to the most positive.

    In one sweep, from the centre outwards, or in shots that each cover all of k-space.
    """
    place = np.arange(lines)
    kind = rng.random()
    if kind < 0.6:
        rank = place
    elif kind < 0.75:
        rank = np.argsort(np.argsort(np.abs(place - lines // 2), kind="stable"))
    else:
        shots = int(rng.integers(2, 17))
        rank = np.argsort(np.lexsort((place, place % shots)))
    return np.asarray(rank / lines, np.float64)


def slice_times(slices: int, rng: np.random.Generator) -> Times:
    """When each slice is read, 0 to 1: one by one, or first the odd and then the even ones."""
    place = np.arange(slices)
    rank = place if rng.random() < 0.3 else np.argsort(np.lexsort((place, place % 2)))
    return np.asarray(rank / slices, np.float64)


def steps(when: Times, rng: np.random.Generator) -> Table:
    """The head moves one to four times and stays where it is."""
    turns = np.sort(rng.uniform(0.03, 0.97, int(rng.integers(1, MOST + 1))))
    return np.searchsorted(turns, when)


def settling(when: Times, rng: np.random.Generator) -> Table:
    """It rests while the middle is read, but not yet at the start, or no longer at the end."""
    side = int(rng.choice(3, p=(0.25, 0.25, 0.5)))
    before = (when < rng.uniform(0.08, 0.47)) & (side != 1)
    after = (when > rng.uniform(0.53, 0.92)) & (side != 0)
    return np.where(before, 1, np.where(after, 2, 0))


def jerks(when: Times, rng: np.random.Generator) -> Table:
    """It comes back each time, as after swallowing or a cough."""
    found = np.zeros(when.shape, np.int64)
    for number in range(1, int(rng.integers(2, MOST + 1))):
        start, length = rng.uniform(0, 0.95), rng.uniform(0.02, 0.25)
        found[(when >= start) & (when < start + length)] = number
    return found


def restless(when: Times, rng: np.random.Generator) -> Table:
    """It never rests: another place in every short interval."""
    count = int(rng.integers(8, 60))
    places = rng.integers(0, MOST + 1, count)
    return np.asarray(places[np.minimum((when * count).astype(int), count - 1)])


def periodic(when: Times, rng: np.random.Generator) -> Table:
    """It follows the breath: to and fro between the first pose and the last, through rest."""
    cycles, start = rng.uniform(2, 30), rng.uniform(0, 2 * np.pi)
    wave = np.sin(2 * np.pi * cycles * when + start)
    return _levels((wave + 1) / 2)


def drifting(when: Times, rng: np.random.Generator) -> Table:
    """It sinks slowly from the first pose to the last."""
    return _levels(when ** rng.uniform(0.5, 2))


def _levels(share: Times) -> Table:
    return np.minimum((share * (MOST + 1)).astype(np.int64), MOST)


KINDS = (
    Kind(steps, 0.3, along=False),
    Kind(settling, 0.2, along=False),
    Kind(jerks, 0.1, along=False),
    Kind(restless, 0.1, along=False),
    Kind(periodic, 0.2, along=True),
    Kind(drifting, 0.1, along=True),
)
