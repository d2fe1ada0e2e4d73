"""A bundle's MONAI transforms; those met most often as plain array arithmetic with equal results.

MONAI's own carry metadata through every step and cost more than the network they serve. A step
that is not known here, to the last argument, is MONAI's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from pipeline.bundle.stock import own_steps
from pipeline.bundle.zoom import coarsen, pad_to, refine

Array = np.ndarray
Step = Callable[[Array], Array]
Transform = Callable[[dict[str, Any]], dict[str, Any]]
SLAB = 8


def transform(configuration: Mapping[str, Any], section: str, key: str) -> Transform:
    """The transform of a section of inference.json, on the array under `key`.

    Parameters
    ----------
    configuration : mapping
        The parsed inference.json.
    section : str
        ``preprocessing`` or ``postprocessing``; one that is absent does nothing.
    key : str
        ``image`` or ``pred``.

    Raises
    ------
    BundleError
        The image is to be turned in a way that is not known here.
    Exception
        Whatever MONAI raises on a section it cannot read.
    """
    chain = own_steps(configuration, section, key)
    if chain is None:
        return lambda data: data
    steps = known(chain, key)
    if steps is None:
        return _of_monai({**configuration, section: chain}, section)
    return lambda data: {key: _run(steps, data[key])}


def known(chain: object, key: str) -> tuple[Step, ...] | None:
    """The steps of a ``Compose`` as functions of an array; None where one is not known."""
    if not isinstance(chain, Mapping) or set(chain) != {"_target_", "transforms"}:
        return None
    if _name(chain) != "Compose" or not isinstance(chain["transforms"], list):
        return None
    found = tuple(step for entry in chain["transforms"] if (step := _step(entry, key)) is not None)
    return found if len(found) == len(chain["transforms"]) else None


def normalise(image: Array) -> Array:
    """NormalizeIntensity(nonzero, channel_wise): zero mean, unit deviation of what is not zero."""
    result = np.array(image, np.float32)
    for channel in result:
        inside = channel != 0
        if count := np.count_nonzero(inside):
            # Zeros add nothing to a sum, so no voxel needs to be picked out.
            channel -= np.float32(channel.sum(dtype=np.float64) / count)
            channel *= inside
            deviation = np.sqrt(np.square(channel).sum(dtype=np.float64) / count)
            channel /= np.float32(deviation or 1.0)
    return result


def scale_percentiles(
    image: Array, lower: float, upper: float, b_min: float, b_max: float
) -> Array:
    """ScaleIntensityRangePercentiles: two percentiles of the whole image to b_min and b_max."""
    low, high = np.percentile(image, (lower, upper))
    span = np.float32(high - low) or np.float32(1)
    shifted = np.asarray(image, np.float32) - np.float32(low)
    return shifted / span * np.float32(b_max - b_min if high > low else 1) + np.float32(b_min)


def flip(image: Array, axes: tuple[int, ...]) -> Array:
    """Flip(spatial_axis): these axes behind the channel run the other way, where there are any."""
    if image.ndim == 1:  # a classifier's scores
        return image
    return np.ascontiguousarray(np.flip(image, tuple(axis + 1 for axis in axes)))


def sigmoid(output: Array) -> Array:
    """Activations(sigmoid)."""
    from scipy.special import expit

    return np.asarray(expit(output), output.dtype)


def argmax(output: Array) -> Array:
    """AsDiscrete(argmax): the class with the largest score, the first of equals, one channel.

    Scores are finite. float32 as MONAI's, so that a bundle's own code meets what it was made for.
    """
    labels = np.zeros(output.shape[1:], np.uint8)
    # A slab at a time stays in the processor's cache.
    for first in range(0, output.shape[1], SLAB):
        part, found = output[:, first : first + SLAB], labels[first : first + SLAB]
        best = part[0].copy()
        for number in range(1, len(part)):
            better = part[number] > best
            np.copyto(best, part[number], where=better)
            found[better] = number
    return labels[np.newaxis].astype(np.float32)


def _run(steps: tuple[Step, ...], array: Array) -> Array:
    for step in steps:
        array = step(array)
    return array


def _step(entry: object, key: str) -> Step | None:
    if not isinstance(entry, Mapping) or entry.get("keys") not in (key, [key]):
        return None
    arguments = {k: v for k, v in entry.items() if k not in ("_target_", "keys")}
    name = _name(entry)
    for known_as, step, fixed, numbers in NUMBERED:
        rest = {k: v for k, v in arguments.items() if k not in numbers}
        given = {k: v for k, v in arguments.items() if k in numbers}
        if name == known_as and rest == fixed and set(given) == numbers:
            plain = all(type(value) in (int, float) for value in given.values())
            return partial(step, **given) if plain else None
    return next((s for n, known_as, s in STEPS if n == name and known_as == arguments), None)


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("_target_", "")).removeprefix("monai.transforms.")


def _of_monai(configuration: Mapping[str, Any], section: str) -> Transform:
    from monai.bundle import ConfigParser

    found: Transform = ConfigParser(dict(configuration)).get_parsed_content(section)
    return found


def _same(array: Array) -> Array:
    return array


STEPS: tuple[tuple[str, dict[str, Any], Step], ...] = (
    ("ToNumpyd", {}, _same),
    ("ToTensord", {}, _same),
    ("NormalizeIntensityd", {"nonzero": True, "channel_wise": True}, normalise),
    ("Activationsd", {"sigmoid": True}, sigmoid),
    ("AsDiscreted", {"argmax": True}, argmax),
    *(
        ("Flipd", {"spatial_axis": list(axes)}, partial(flip, axes=axes))
        for count in (1, 2, 3)
        for axes in combinations(range(3), count)
    ),
)
SCALE = frozenset(("lower", "upper", "b_min", "b_max"))
ZOOM = frozenset(("zoom",))
# Those that take numbers of the bundle's own, beside arguments that have to be as they are here.
NUMBERED: tuple[tuple[str, Callable[..., Array], dict[str, Any], frozenset[str]], ...] = (
    ("ScaleIntensityRangePercentilesd", scale_percentiles, {}, SCALE),
    ("DivisiblePadd", pad_to, {"method": "end"}, frozenset(("k",))),
    ("Zoomd", coarsen, {"mode": "area", "keep_size": False}, ZOOM),
    ("Zoomd", refine, {"mode": "trilinear", "keep_size": False}, ZOOM),
)
