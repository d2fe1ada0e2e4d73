"""How a network is led over an image: at once, or window by window as MONAI's inferer does.

Windows are MONAI's, held to its results by test: importing MONAI takes seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from pipeline.bundle.runtimes.network import Network
from pipeline.errors import BundleError

SIGMA = 0.125
LEAST_WEIGHT = 1e-3
PLAIN = {"roi_size", "overlap", "mode"}
# What changes speed, not results: windows go one by one, on the device the runtime has.
IGNORED = {"sw_batch_size", "progress", "device", "sw_device", "cpu_thresh", "cache_roi_weight_map"}


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


def read_inferer(configuration: Mapping[str, Any]) -> Windows | None:
    """The ``inferer`` of inference.json; None where the image goes in at once.

    Raises
    ------
    BundleError
        An inferer that is not known here: ignoring it would change what the network gives.
    """
    entry = configuration.get("inferer") or {"_target_": "SimpleInferer"}
    name = str(entry.get("_target_", "")).rpartition(".")[2]
    if name == "SimpleInferer":
        return None
    given = {key: value for key, value in entry.items() if key != "_target_" and key not in IGNORED}
    if name != "SlidingWindowInferer" or not set(given) <= PLAIN:
        raise BundleError(
            f"The inferer {name} with {', '.join(sorted(given)) or 'nothing'} is not supported.",
            f"Use SimpleInferer, or SlidingWindowInferer with {', '.join(sorted(PLAIN))}.",
        )
    try:
        x, y, z = (int(side) for side in given["roi_size"])
        overlap = float(given.get("overlap", 0.25))
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(
            "The inferer's roi_size is not three sides in voxels, or its overlap no figure.",
            'Write them out in configs/inference.json, such as "roi_size": [128, 128, 128].',
        ) from error
    if min(x, y, z) < 1 or not 0 <= overlap < 1:
        raise BundleError(
            f"The inferer's window {x}, {y}, {z} with overlap {overlap} covers nothing.",
            "Sides are 1 and more, the overlap is from 0 to below 1.",
        )
    return Windows((x, y, z), overlap, given.get("mode") == "gaussian")


def infer(network: Network, image: np.ndarray, windows: Windows | None) -> np.ndarray:
    """Run a network on an image.

    Parameters
    ----------
    network : Network
        Called once a window.
    image : ndarray of float32, shape (channels, x, y, z)
        Padded with zeros on both sides where it is smaller than a window.
    windows : Windows or None
        None: the whole image at once.

    Returns
    -------
    ndarray of float32, shape (classes, x, y, z)
        Where windows overlap, their weighted mean.

    Raises
    ------
    BundleError
        The network's output has other sides than the window.
    """
    if windows is None:
        return network(image)
    missing = [max(0, r - n) for r, n in zip(windows.roi_size, image.shape[1:], strict=True)]
    whole = np.pad(image, [(0, 0), *((m // 2, m - m // 2) for m in missing)])
    weight = importance(windows)
    total, weights = np.zeros(()), np.zeros(whole.shape[1:], np.float32)
    for place in places(whole.shape[1:], windows):
        output = network(np.ascontiguousarray(whole[:, *place]))
        if output.shape[1:] != windows.roi_size:
            raise BundleError(
                f"A window of {windows.roi_size} gave an output of {output.shape[1:]}.",
                "Use SimpleInferer for a network that does not give a value for each voxel.",
            )
        if not total.ndim:
            total = np.zeros((len(output), *whole.shape[1:]), np.float32)
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


def _step(side: int, overlap: float) -> int:
    return max(1, int(side * (1 - overlap)))


def _count(length: int, side: int, windows: Windows) -> int:
    return -(-(length - side) // _step(side, windows.overlap)) + 1
