"""Stock MONAI bundles: what their transforms do with files and geometry is done here already."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.errors import BundleError

# Reading, spacing and writing belong to the pipeline, for every module alike.
OURS = frozenset(
    {
        *("LoadImaged", "EnsureChannelFirstd", "EnsureTyped", "Orientationd", "Spacingd"),
        *("ToDeviced", "CopyItemsd", "DeleteItemsd", "Invertd", "SaveImaged"),
    }
)
BEFORE, IMAGE = "preprocessing", "image"
# How the pipeline's arrays lie, and the two ways each of their axes can run.
LPS, WAYS = "LPS", ("LR", "PA", "IS")


def own_steps(configuration: Mapping[str, Any], section: str, key: str) -> Any:
    """A section's ``Compose`` without the steps that load, resample, invert or save; others as is.

    What is left works on intensities and scores, as a bundle in the layout of MONAI's Model Zoo
    means it. An Orientationd becomes a flip of the axes that run the other way here, and the
    network's output is flipped back where the bundle inverts its preprocessing, or at the end.

    Parameters
    ----------
    configuration : mapping
        The parsed inference.json.
    section, key : str
        ``preprocessing`` and ``image``, or ``postprocessing`` and ``pred``.

    Raises
    ------
    BundleError
        An Orientationd that asks for more than flips.
    """
    chain: Any = configuration.get(section)
    steps = _steps(chain)
    if section == BEFORE:
        return chain if steps is None else {**chain, "transforms": list(_turned(steps, key))}
    back = _flips(_codes(_steps(configuration.get(BEFORE)))[-1], LPS, key)
    if steps is None:
        whole = [] if chain is None else [chain]
        return {"_target_": "Compose", "transforms": [*whole, *back]} if back else chain
    names = [target(entry) for entry in steps]
    there = names.index("Invertd") if "Invertd" in names else len(steps)
    return {**chain, "transforms": [*_kept(steps[:there]), *back, *_kept(steps[there:])]}


def require_spacing(configuration: Mapping[str, Any], spacing_mm: Sequence[float]) -> None:
    """Raise BundleError where a Spacingd wants other voxels than the contract promises."""
    for entry in _steps(configuration.get(BEFORE)) or ():
        if target(entry) == "Spacingd" and not _is_same(entry.get("pixdim"), spacing_mm):
            raise BundleError(
                f"Spacingd in configs/inference.json wants voxels of {entry.get('pixdim')} mm, "
                f"needs.spacing_mm in module.toml says {list(spacing_mm)}.",
                "Let the contract say what the network was trained on.",
            )


def target(entry: Any) -> str:
    """A transform's class without its package; empty where it names none."""
    named = entry.get("_target_", "") if isinstance(entry, Mapping) else ""
    return str(named).rpartition(".")[2]


def _steps(chain: Any) -> list[Any] | None:
    found = chain.get("transforms") if isinstance(chain, Mapping) else None
    return found if isinstance(found, list) else None


def _kept(steps: list[Any]) -> list[Any]:
    return [entry for entry in steps if target(entry) not in OURS]


def _turned(steps: list[Any], key: str) -> Iterator[Any]:
    """The steps with flips in place of orientations."""
    codes = iter(_codes(steps))
    code = next(codes)
    for entry in steps:
        if target(entry) == "Orientationd":
            before, code = code, next(codes)
            yield from _flips(before, code, key)
        elif target(entry) not in OURS:
            yield entry


def _codes(steps: list[Any] | None) -> tuple[str, ...]:
    """How the image lies at first, and after each Orientationd."""
    entries = [entry for entry in steps or () if target(entry) == "Orientationd"]
    return (LPS, *(_code(entry) for entry in entries))


def _code(entry: Mapping[str, Any]) -> str:
    wanted = "RAS" if entry.get("as_closest_canonical") is True else entry.get("axcodes")
    code = "".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    given = entry.get("keys")
    named = IMAGE in (given if isinstance(given, list) else [given])
    flips = len(code) == len(WAYS) and all(map(str.__contains__, WAYS, code))
    if named and flips and entry.get("labels") in (None, [list(way) for way in WAYS]):
        return code
    raise BundleError(
        f"Orientationd in configs/inference.json turns {given!r} to {wanted!r}; images come as "
        f"{LPS}, and only flips of their axes, such as RAS, are known.",
        f'Write out "keys": "{IMAGE}" and "axcodes", a letter each of {", ".join(WAYS)}.',
    )


def _flips(before: str, after: str, key: str) -> list[dict[str, Any]]:
    axes = [
        axis for axis, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
    ]
    flip = {"_target_": "monai.transforms.Flipd", "keys": key, "spatial_axis": axes}
    return [flip] if axes else []


def _is_same(wanted: Any, spacing_mm: Sequence[float]) -> bool:
    """Compare as MONAI reads it: a number for all axes, a short list with its last repeated."""
    given = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
    if not given or not all(type(side) in (int, float) for side in given):
        return False
    sides = [*given, *[given[-1]] * len(spacing_mm)][: len(spacing_mm)]
    return all(math.isclose(*pair, rel_tol=1e-3) for pair in zip(sides, spacing_mm, strict=True))
