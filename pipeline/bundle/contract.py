"""A module's contract, read from module.toml: what it needs, what its labels and figures mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.bundle.contract_segments import read_segments
from pipeline.bundle.contract_sense import require_sense
from pipeline.bundle.contract_table import (
    Table,
    is_length,
    is_margin,
    is_text,
    listed,
    one_of,
    whole,
)
from pipeline.errors import BundleError
from pipeline.types import Role, Segment


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
        The file is missing, is no TOML, lacks or misspells a field, or contradicts itself.
    """
    path = bundle / "module.toml"
    try:
        return parse_contract(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BundleError(f"{path} is missing.", "A module folder needs a module.toml.") from error
    except BundleError as error:
        said = f"{path} is not a valid contract: {error.message}"
        raise BundleError(said, error.remedy) from error
    except ValueError as error:
        raise BundleError(
            f"{path} is not a valid contract: {type(error).__name__} {error}.",
            "Compare it with the contract of a shipped module.",
        ) from error


def parse_contract(document: Mapping[str, Any]) -> Contract:
    """Turn a parsed module.toml into a Contract; raises BundleError that names the key."""
    top = Table(document)
    metrics = top.table("metrics", {})
    contract = Contract(
        name=top.text("name"),
        title=top.text("title"),
        summary=top.text("summary"),
        needs=_needs(top.table("needs")),
        segments=read_segments(top),
        metrics={figure: _better(metrics, figure) for figure in metrics.entries},
    )
    require_sense(contract, top.table("needs"))
    return contract


def _needs(table: Table) -> Needs:
    x, y, z = table.read("spacing_mm", listed(is_length, (3,)), "three numbers above 0")
    needs = Needs(
        level=table.choice("level", ("series", "case")),
        roles=_roles(table, "roles"),
        at_least=_roles(table, "at_least"),
        take=table.choice("take", ("all", "first")),
        spacing_mm=(x, y, z),
        shape=tuple(table.read("shape", listed(whole(1), (0, 3)), "three whole numbers", ())),
        upstream=tuple(table.read("upstream", listed(is_text), "a list of modules' names", ())),
        mask=table.text("mask", ""),
        margin_mm=table.read("margin_mm", is_margin, "a number from 0", 0.0),
    )
    table.require_known([field.name for field in fields(Needs)])
    return needs


def _roles(table: Table, key: str) -> tuple[Role, ...]:
    known = listed(one_of([*Role]), range(1, len(Role) + 1))
    return tuple(map(Role, table.read(key, known, f"a list of some of {', '.join(Role)}")))


def _better(metrics: Table, figure: str) -> str:
    if metrics.entries[figure] not in ("higher", "lower"):
        raise metrics.wrong(figure, "is not higher or lower", f'Write it like: {figure} = "higher"')
    return str(metrics.entries[figure])
