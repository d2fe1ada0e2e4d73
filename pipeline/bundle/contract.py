"""A module's contract, read from module.toml: what it needs, what its labels and figures mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import BundleError
from pipeline.types import Concept, Role, Segment


@dataclass(frozen=True)
class Needs:
    """What a module is given.

    Attributes
    ----------
    level : str
        ``series``: run once per series that has a role. ``case``: run once per study.
    roles : tuple of Role
        In channel order (``take`` = ``all``) or order of preference (``take`` = ``first``).
    at_least : tuple of Role
        One of these must be there.
    take : str
        ``all``: one channel a role, zeros where absent. ``first``: one channel, the first there.
    spacing_mm : tuple of float
        Voxel size of the grid, axes LPS.
    shape : tuple of int
        Fixed size of the grid, centred on the image; empty to cover the image.
    upstream : tuple of str
        Modules whose prediction it looks at.
    mask : str
        An upstream module: voxels outside its segments are zero in the input; empty for none.
    margin_mm : float
        How far beyond the mask voxels are kept all the same.
    """

    level: str
    roles: tuple[Role, ...]
    at_least: tuple[Role, ...]
    take: str
    spacing_mm: tuple[float, float, float]
    shape: tuple[int, ...] = ()
    upstream: tuple[str, ...] = ()
    mask: str = ""
    margin_mm: float = 0.0


@dataclass(frozen=True)
class Contract:
    """What a module promises.

    `metrics` names the figures it is judged by and which way is better (``higher`` or ``lower``).
    """

    name: str
    title: str
    summary: str
    needs: Needs
    segments: tuple[Segment, ...]
    metrics: Mapping[str, str]


def read_contract(bundle: Path) -> Contract:
    """Read `bundle`/module.toml.

    Raises
    ------
    BundleError
        The file is missing, is no TOML, or lacks or misspells a field.
    """
    path = bundle / "module.toml"
    try:
        return parse_contract(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BundleError(f"{path} is missing.", "A module folder needs a module.toml.") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"{path} is not a valid contract: {type(error).__name__} {error}.",
            "Compare it with the contract of a shipped module.",
        ) from error


def parse_contract(document: Mapping[str, Any]) -> Contract:
    """Turn a parsed module.toml into a Contract; raises KeyError, TypeError or ValueError."""
    needs = dict(document["needs"])
    for name in ("roles", "at_least"):
        needs[name] = tuple(Role(role) for role in needs[name])
    for name in ("spacing_mm", "shape", "upstream"):
        needs[name] = tuple(needs.get(name, ()))
    if needs["level"] not in ("series", "case") or needs["take"] not in ("all", "first"):
        raise ValueError("needs.level is series or case, needs.take is all or first")
    return Contract(
        name=document["name"],
        title=document["title"],
        summary=document["summary"],
        needs=Needs(**needs),
        segments=tuple(_segment(entry) for entry in document.get("segments", ())),
        metrics=dict(document.get("metrics", {})),
    )


def _segment(entry: Mapping[str, Any]) -> Segment:
    red, green, blue = entry["colour"]
    return Segment(
        number=int(entry["number"]),
        name=entry["name"],
        category=Concept(*entry["category"]),
        type=Concept(*entry["type"]),
        colour=(red, green, blue),
    )
