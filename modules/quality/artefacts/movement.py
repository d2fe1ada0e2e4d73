"""Movement and ghosts, as severe as the share of the signal that they change.

How far a head moved says little: late in the scan only fine detail is still to come, and nobody
sees it. So the size of a movement is drawn freely, and severity decides how many lines of k-space
it reaches: the root mean square of what is wrong inside the head, over that of the signal there,
is `AT_WORST` at severity 1. A tenth can be seen, a fifth disturbs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from .coverage import GRID_MM, Image, Spacing

AT_WORST = 0.25
MILLIMETRES, DEGREES = 10.0, 9.0
# Tries to reach the share: lines opposite each other partly cancel once the magnitude is taken.
TRIES = 3
NEAR = 0.08

Lines = NDArray[np.complex64]
Numbers = NDArray[np.int_]


def changed(spoilt: Image, clean: Image) -> float:
    """Share of the signal that is wrong: RMS of the difference over RMS of the clean head."""
    head = clean > 0.1
    if not head.any():
        return 0.0
    wrong = np.square(spoilt[head] - clean[head]).mean(dtype=np.float64)
    return float(np.sqrt(wrong / np.square(clean[head]).mean(dtype=np.float64)))


def moved(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """The head is elsewhere for a part of the scan: k-space is put together from its places.

    The middle lines are those of the head where it belongs, or it would merely be displaced.
    """
    axis = int(rng.integers(3))
    still = np.moveaxis(_lines(image, axis), axis, 0)
    count = len(still)
    least = 0.2 + 0.4 * severity
    places = [displaced(image, least, rng, spacing_mm) for _ in range(int(rng.integers(1, 3)))]
    elsewhere = [np.moveaxis(_lines(place, axis), axis, 0) for place in places]
    middle = int(rng.integers(1, 3))
    times = run(count, rng)
    times = times[np.abs(_frequency(count)[times]) > middle]
    turn = np.arange(len(times)) // max(1, round(count * rng.uniform(0.05, 0.4))) % len(places)
    wrong = np.array([_energy(place - still) for place in elsewhere])[turn, times]

    def spoilt(share: float) -> Image:
        reached = np.searchsorted(np.cumsum(wrong), share**2 * _energy(still).sum()) + 1
        mixed = still.copy()
        for number, place in enumerate(elsewhere):
            chosen = times[:reached][turn[:reached] == number]
            mixed[chosen] = place[chosen]
        return _magnitude(mixed, axis)

    return _as_severe(spoilt, image, severity)


def ghosting(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Periodic motion or flow: every n-th k-space line too weak or too strong; n copies appear."""
    axis = int(rng.integers(3))
    still = np.moveaxis(_lines(image, axis), axis, 0)
    frequency, energy = _frequency(len(still)), _energy(still)
    combs = [(frequency % n == 0) & (np.abs(frequency) > 1) for n in range(2, 9)]
    # A wide comb holds too little of the signal to change much of it.
    least = (AT_WORST * severity) ** 2 * energy.sum()
    strong = [comb for comb in combs if energy[comb].sum() > least] or combs[:1]
    comb = strong[int(rng.integers(len(strong)))]
    sign = rng.choice((-1, 1))

    def spoilt(share: float) -> Image:
        weight = share * np.sqrt(energy.sum() / max(float(energy[comb].sum()), 1e-12))
        mixed = still.copy()
        mixed[comb] *= np.complex64(1 + sign * min(float(weight), 1.6))
        return _magnitude(mixed, axis)

    return _as_severe(spoilt, image, severity)


def moved_or_ghosting(
    image: Image, severity: float, rng: np.random.Generator, spacing_mm: Spacing = GRID_MM
) -> Image:
    """Two draws in three a movement, which takes more forms; they share one output."""
    return (moved if rng.random() < 0.67 else ghosting)(image, severity, rng, spacing_mm)


def run(count: int, rng: np.random.Generator) -> Numbers:
    """Lines of k-space in the order in which a movement reaches them, int, shape (lines,).

    They are measured from one end to the other, from the middle out, or in interleaved shots; the
    head moves at some time and stays, or moves for a spell.
    """
    order = np.fft.fftshift(np.arange(count))
    way = rng.random()
    if way < 0.3:
        order = np.argsort(np.abs(_frequency(count)), kind="stable")
    elif way < 0.6:
        shots = int(rng.integers(3, 17))
        order = np.concatenate([order[start::shots] for start in rng.permutation(shots)])
    if rng.random() < 0.6:
        return order[::-1].copy()
    return np.roll(order, -int(rng.integers(count)))


def displaced(image: Image, least: float, rng: np.random.Generator, spacing_mm: Spacing) -> Image:
    """The head elsewhere: moved by up to 10 mm and turned by up to 9 degrees, `least` of it."""
    angle = np.deg2rad(rng.uniform(least, 1) * DEGREES * rng.choice((-1, 1)))
    a, b = rng.permutation(3)[:2]
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = np.cos(angle)
    matrix[a, b], matrix[b, a] = -np.sin(angle), np.sin(angle)
    side = np.array(spacing_mm)
    matrix = matrix * side / side[:, None]
    middle = (np.array(image.shape) - 1) / 2
    shift = rng.normal(size=3)
    shift *= MILLIMETRES * rng.uniform(least, 1) / np.linalg.norm(shift) / side
    return np.asarray(
        ndimage.affine_transform(image, matrix, middle - matrix @ middle + shift, order=1),
        np.float32,
    )


def _as_severe(spoilt: Callable[[float], Image], image: Image, severity: float) -> Image:
    """What changes as much of the signal as the severity says, as near as a few tries come."""
    wanted = AT_WORST * severity
    asked = wanted
    for _ in range(TRIES):
        found = spoilt(asked)
        reached = changed(found, image)
        if abs(reached - wanted) <= NEAR * wanted or reached == 0:
            break
        asked *= wanted / reached
    return found


def _lines(image: Image, axis: int) -> Lines:
    return np.asarray(fft.fft(image, axis=axis), np.complex64)


def _magnitude(lines: Lines, axis: int) -> Image:
    return np.ascontiguousarray(np.moveaxis(np.abs(fft.ifft(lines, axis=0)), 0, axis), np.float32)


def _energy(lines: Lines) -> NDArray[np.float64]:
    """Energy of each line: its samples' squares, summed."""
    flat = lines.reshape(len(lines), -1)
    return np.array([np.vdot(line, line).real for line in flat], np.float64)


def _frequency(count: int) -> Numbers:
    return np.rint(fft.fftfreq(count) * count).astype(int)
