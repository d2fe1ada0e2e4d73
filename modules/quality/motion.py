"""The head moves while it is scanned: k-space is put together from several places of it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from .place import moved
from .series import Spacing
from .trajectory import KINDS, MOST, Path, Table, slice_times, times

DEGREES, MILLIMETRES = 9.0, 10.0
# Share of the signal that is read away from rest, were k-space as loud as one over frequency.
LEAST_AWAY, TRIES = 0.06, 20
Poses = NDArray[np.float64]


def motion(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Any of the movements of `KINDS`, by up to 9 degrees and 10 mm at severity 1.

    Lines of k-space lie along any axis; in one draw of three they are read slice by slice, so that
    each slice meets another part of the movement.
    """
    phase, across = (int(axis) for axis in rng.permutation(3)[:2])
    kind = KINDS[int(rng.choice(len(KINDS), p=[kind.odds for kind in KINDS]))]
    table = _table(image.shape[phase], image.shape[across], kind.path, rng)
    # The lines in the middle see the head where it belongs, or it would merely be displaced.
    rest = int(table[len(table) // 2, table.shape[1] // 2])
    poses = _poses(severity, kind.along, rest, rng)
    lines = torch.fft.fft(image, dim=phase)
    for number in set(np.unique(table).tolist()) - {rest}:
        elsewhere = moved(image, poses[number, :3], poses[number, 3:], spacing_mm)
        chosen = _broad(np.fft.ifftshift(table == number, 1), phase, across)
        lines = torch.where(chosen.to(image.device), torch.fft.fft(elsewhere, dim=phase), lines)
    return torch.fft.ifft(lines, dim=phase).abs()


def ghosting(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Pulsation, flow or unequal echoes: every n-th k-space line is weaker or out of phase.

    n displaced copies appear. The lines in the middle keep the image's contrast.
    """
    axis, period = int(rng.integers(3)), int(rng.integers(2, 12))
    count = image.shape[axis]
    order = np.rint(np.fft.fftfreq(count) * count).astype(int)
    odd = ((order + int(rng.integers(period))) % period == 0) & (np.abs(order) > rng.integers(0, 3))
    strength = severity * (0.8 if period == 2 else 1.6)
    if rng.random() < 0.3:
        factor = np.exp(1j * np.pi * strength / 2 * rng.choice((-1, 1)))
    else:
        factor = 1 - strength * rng.choice((1, 1, -0.6))
    shape = [count if a == axis else 1 for a in range(3)]
    gain = torch.from_numpy(np.where(odd, factor, 1).astype(np.complex64).reshape(shape))
    return torch.fft.ifft(torch.fft.fft(image, dim=axis) * gain.to(image.device), dim=axis).abs()


def motion_or_ghosting(
    image: torch.Tensor, severity: float, rng: np.random.Generator, spacing_mm: Spacing
) -> torch.Tensor:
    """Two draws in three a movement, which takes more forms; they share one output.

    They look alike and the remedy is the same.
    """
    return (motion if rng.random() < 0.67 else ghosting)(image, severity, rng, spacing_mm)


def _table(lines: int, slices: int, path: Path, rng: np.random.Generator) -> Table:
    """Pose by slice and line, (1 or slices, lines), lines from the most negative frequency.

    Drawn anew while what is read away from rest hardly counts: severity shall mean what is seen.
    """
    loudness = 1 / (1 + np.abs(np.arange(lines) - lines // 2))
    for _ in range(TRIES):
        when = times(lines, rng)[None]
        if rng.random() < 0.33:
            share = rng.uniform(0, 1) if rng.random() < 0.7 else 1.0
            when = (1 - share) * when + share * slice_times(slices, rng)[:, None]
        table = path(when, rng)
        away = table != table[len(table) // 2, lines // 2]
        if (away * loudness).mean(0).sum() > LEAST_AWAY * loudness.sum():
            break
    return table


def _poses(severity: float, along: bool, rest: int, rng: np.random.Generator) -> Poses:
    """Degrees about and millimetres along x, y, z for each pose, (poses, 6), away from `rest`."""
    ways = rng.standard_normal((MOST + 1, 2, 3))
    ways *= rng.uniform(0.4, 1, (MOST + 1, 2, 1)) / np.linalg.norm(ways, axis=2, keepdims=True)
    if along:
        ways = ways[:1] * ((np.arange(MOST + 1) - rest) / MOST)[:, None, None]
    kind = rng.random()
    share = (1.0, 0.2) if kind < 0.15 else (0.2, 1.0) if kind < 0.3 else (1.0, 1.0)
    sizes = np.array([share[0] * DEGREES, share[1] * MILLIMETRES])[:, None]
    return np.asarray((severity * ways * sizes).reshape(MOST + 1, 6), np.float64)


def _broad(table: NDArray[np.bool_], phase: int, across: int) -> torch.Tensor:
    """(slices, lines) as a mask that spreads over an image (x, y, z)."""
    shape = [1, 1, 1]
    shape[across], shape[phase] = table.shape
    ordered = table if across < phase else table.T
    return torch.from_numpy(np.ascontiguousarray(ordered)).reshape(shape)
