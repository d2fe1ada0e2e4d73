"""A network led over an image window by window, as MONAI's inferer does.

The arithmetic is MONAI's, held to its results by test: importing MONAI takes seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from pipeline.bundle.runtimes.network import Network
from pipeline.errors import BundleError

SIGMA = 0.125
LEAST_WEIGHT = 1e-3


@dataclass(frozen=True)
class Windows:
    """A sliding window.

    Attributes
    ----------
    roi_size : tuple of int
        Its sides in voxels, x, y, z.
    overlap : float
        Share of a side that neighbouring windows have in common.
    gaussian : bool
        Whether a window's middle counts for more than its rim; all alike otherwise.
    """

    roi_size: tuple[int, int, int]
    overlap: float = 0.25
    gaussian: bool = False


def slide(network: Network, image: np.ndarray, windows: Windows) -> np.ndarray:
    """Run a network on every window of an image.

    Parameters
    ----------
    network : Network
        Called once a window.
    image : ndarray of float32, shape (channels, x, y, z)
        Padded with zeros on both sides where it is smaller than a window.
    windows : Windows
        Where to look.

    Returns
    -------
    ndarray of float32, shape (classes, x, y, z)
        Where windows overlap, their weighted mean.

    Raises
    ------
    BundleError
        The network's output has other sides than the window.
    """
    missing = [max(0, r - n) for r, n in zip(windows.roi_size, image.shape[1:], strict=True)]
    whole = np.pad(image, [(0, 0), *((m // 2, m - m // 2) for m in missing)])
    first, *others = places(whole.shape[1:], windows)
    output = _run(network, whole, first)
    total = np.zeros((len(output), *whole.shape[1:]), np.float32)
    weight, weights = importance(windows), np.zeros(whole.shape[1:], np.float32)
    for place in (first, *others):
        output = output if place is first else _run(network, whole, place)
        total[:, *place] += output * weight
        weights[place] += weight
    total /= weights
    inside = (slice(m // 2, m // 2 + n) for m, n in zip(missing, image.shape[1:], strict=True))
    return np.ascontiguousarray(total[:, *inside])


def places(shape: Sequence[int], windows: Windows) -> list[tuple[slice, ...]]:
    """Where the windows lie in an image of `shape` that is at least as large as one."""
    starts = [
        [min(i * _step(side, windows.overlap), n - side) for i in range(_count(n, side, windows))]
        for n, side in zip(shape, windows.roi_size, strict=True)
    ]
    return [
        tuple(slice(a, a + side) for a, side in zip(start, windows.roi_size, strict=True))
        for start in itertools.product(*starts)
    ]


def importance(windows: Windows) -> np.ndarray:
    """Weight of each voxel of a window, float32: a Gaussian about its middle, or 1."""
    if not windows.gaussian:
        return np.ones(windows.roi_size, np.float32)
    lines = (
        np.exp(-(np.arange(-(n - 1) / 2, n / 2, dtype=np.float32) ** 2) / (2 * (SIGMA * n) ** 2))
        for n in windows.roi_size
    )
    weight = reduce(np.multiply.outer, lines).astype(np.float32)
    return np.asarray(np.maximum(weight, max(float(weight.min()), LEAST_WEIGHT)))


def _run(network: Network, image: np.ndarray, place: tuple[slice, ...]) -> np.ndarray:
    window = np.ascontiguousarray(image[:, *place])
    output = network(window)
    if output.shape[1:] != window.shape[1:]:
        raise BundleError(
            f"A window of {window.shape[1:]} voxels gave an output of {output.shape[1:]}.",
            "Use SimpleInferer for a network that does not give a value for each voxel.",
        )
    return output


def _step(side: int, overlap: float) -> int:
    return max(1, int(side * (1 - overlap)))


def _count(length: int, side: int, windows: Windows) -> int:
    return -(-(length - side) // _step(side, windows.overlap)) + 1
