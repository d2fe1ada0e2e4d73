"""The ``inferer`` of inference.json: the whole image at once, or window by window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.bundle.windows import Windows
from pipeline.errors import BundleError

MODES = {"constant": False, "gaussian": True}
PLAIN = {"roi_size", "overlap", "mode"}
# What changes speed, not results: windows go one by one, on the device the runtime has.
IGNORED = {"sw_batch_size", "progress", "device", "sw_device", "cpu_thresh", "cache_roi_weight_map"}


def read_inferer(configuration: Mapping[str, Any], multiple: int) -> Windows | None:
    """Read how a network is led over an image; None where the image goes in at once.

    Parameters
    ----------
    configuration : mapping
        The parsed inference.json.
    multiple : int
        What the network's input sides must divide by.

    Raises
    ------
    BundleError
        An inferer that is not known here, or windows the network cannot take: ignoring it would
        change what the network gives.
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
    windows = _windows(given)
    if min(windows.roi_size) < 1 or any(side % multiple for side in windows.roi_size):
        raise BundleError(
            f"The network cannot take the inferer's window of {windows.roi_size} voxels.",
            f"Choose sides that divide by {multiple}, as the network's input must.",
        )
    return windows


def _windows(given: Mapping[str, Any]) -> Windows:
    try:
        x, y, z = (int(side) for side in given["roi_size"])
        overlap = float(given.get("overlap", 0.25))
        if not 0 <= overlap < 1:
            raise ValueError(overlap)
        return Windows((x, y, z), overlap, MODES[given.get("mode", "constant")])
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(
            "The inferer's roi_size is not three sides, its overlap not from 0 to below 1, or its "
            f"mode none of {', '.join(MODES)}.",
            'Write them out in configs/inference.json, such as "roi_size": [128, 128, 128].',
        ) from error
