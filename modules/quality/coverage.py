"""Fields of view too small for the head: cut off or wrapped around."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from .series import Series, kept


def cut(series: Series, severity: float, rng: np.random.Generator) -> Series:
    """The field of view ends inside the head: 6 mm of it are lost at severity 0, 46 mm at 1.

    Half of the time, unless brain extraction followed, the slices lost are not there at all.
    """
    axis = int(rng.integers(3))
    low, high = series.extent[axis]
    depth = round((6 + 40 * severity) / series.spacing_mm[axis])
    first, last = 0, series.image.shape[axis]
    if rng.random() < 0.5 or axis == 2:
        last = max(high - depth, low + 3)
    else:
        first = min(low + depth, high - 3)
    if axis == 2 and rng.random() < 0.4:
        # Below the brain there is neck: count from the vertex.
        least = round((112 - 48 * severity) / series.spacing_mm[axis])
        first, last = max(low + 3, high - least), series.image.shape[axis]
    return _ended(series, axis, first, last, rng)


def wrap(series: Series, severity: float, rng: np.random.Generator) -> Series:
    """The field of view is smaller than the head along the phase axis: what is outside folds in."""
    axis = int(rng.integers(2))
    low, high = series.extent[axis]
    depth = round((6 + 40 * severity) / series.spacing_mm[axis])
    # More is outside on one side than on the other, or all of it on one.
    image, count = series.image, series.image.shape[axis]
    first = min(low + round(depth * rng.choice((0, 1, rng.random()))), count - 3)
    last = min(max(first + 3, high - depth + first - low), count)
    length = last - first
    inside = image.narrow(axis, first, length).clone()
    before, after = min(first, length), min(count - last, length)
    inside.narrow(axis, length - before, before).add_(image.narrow(axis, first - before, before))
    inside.narrow(axis, 0, after).add_(image.narrow(axis, last, after))
    folded = torch.zeros_like(image)
    folded.narrow(axis, first, length).copy_(inside)
    return _ended(replace(series, image=folded), axis, first, last, rng)


def field_of_view(series: Series, severity: float, rng: np.random.Generator) -> Series:
    """Cut off or, where there is skin to fold over, wrapped."""
    end = cut if series.stripped or rng.random() < 0.7 else wrap
    return end(series, severity, rng)


def tight(series: Series, rng: np.random.Generator) -> Series:
    """A field of view that ends close to the head but outside it, or in the neck."""
    first, last = [], list(series.image.shape)
    for axis, (side, (low, high)) in enumerate(zip(series.spacing_mm, series.extent, strict=True)):
        ends = high - rng.uniform(156, 192) / side if axis == 2 else low - rng.uniform(2, 24) / side
        first.append(max(0, round(ends)))
        last[axis] = min(last[axis], high + round(rng.uniform(2, 24) / side))
    return kept(series, first, last, recentred=True)


def _ended(series: Series, axis: int, first: int, last: int, rng: np.random.Generator) -> Series:
    """Empty along an axis before `first` and from `last` on, or ending there."""
    starts, ends = [0, 0, 0], list(series.image.shape)
    starts[axis], ends[axis] = first, last
    if not series.stripped and rng.random() < 0.5:
        return kept(series, starts, ends, recentred=True)
    image = series.image.clone()
    image.narrow(axis, 0, first).zero_()
    image.narrow(axis, last, image.shape[axis] - last).zero_()
    # Who crops to what is there, as brain extraction may, moves the centre.
    return replace(series, image=image)
